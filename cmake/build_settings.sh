# shellcheck shell=sh disable=SC2154
# Sourced by the scripts beside it, in the root of the repository, to set how CMake builds the preset named $preset: with
# as many compilers at once as there are cores and memory for, and with ccache where it is installed. What the user has
# set stays.

# A compiler needs about 1.5 GB for the larger files.
jobs_that_fit() {
  jobs=$(env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc)
  kilobytes=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo 2>/dev/null || true)
  kilobytes=${kilobytes:-1500000}
  container=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || true)
  case $container in
    '' | max) ;;
    *) [ "$((container / 1024))" -ge "$kilobytes" ] || kilobytes=$((container / 1024)) ;;
  esac
  [ "$jobs" -le "$((kilobytes / 1500000))" ] || jobs=$((kilobytes / 1500000))
  [ "$jobs" -ge 1 ] || jobs=1
  echo "$jobs"
}
export CMAKE_BUILD_PARALLEL_LEVEL="${CMAKE_BUILD_PARALLEL_LEVEL:-$(jobs_that_fit)}"

# To ccache -march=native means the same on every machine, so it is told which processor this is.
if [ -z "${CMAKE_CXX_COMPILER_LAUNCHER+set}" ] && command -v ccache >/dev/null; then
  processor=$PWD/build/$preset/processor.txt
  mkdir -p "build/$preset"
  grep -E '^(vendor_id|cpu family|model|flags|Features|CPU [a-z]+)[[:space:]]*:' /proc/cpuinfo | sort -u >"$processor"
  export CMAKE_CXX_COMPILER_LAUNCHER="env;CCACHE_EXTRAFILES=$processor;CCACHE_SLOPPINESS=pch_defines,time_macros;ccache"
fi
