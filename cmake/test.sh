#!/bin/sh
# Everything that it takes to run all tests on a fresh Debian 12 or 13: installs what is needed, fetches the default
# model, builds, and runs
#   ctest [arguments...]
# With --with-clang as the first argument the rooms that compute are also built with clang, and the same ctest runs
# their tests as well. Tests against independent data are skipped unless PAINTERS_DATA_DIR names the folder that has
# them, tests of the default model if it cannot be fetched.
set -eu
if [ -n "${PAINTERS_DATA_DIR:-}" ]; then
  PAINTERS_DATA_DIR=$(cd "$PAINTERS_DATA_DIR" 2>/dev/null && pwd) || {
    echo "test: expected PAINTERS_DATA_DIR to name a folder, found none of that name: correct or unset it" >&2
    exit 2
  }
fi
cd "$(dirname "$0")/.."
presets=test
packages=tests
if [ "${1-}" = --with-clang ]; then
  shift
  presets="test clang_numeric"
  packages="tests clang"
fi

# shellcheck disable=SC2086
cmake/install_packages.sh $packages
cmake/fetch_model.sh || echo "test: going on without the default model: the tests that run it are skipped" >&2
# One ctest for all build trees, so that its last line counts every test.
mkdir -p build/all
: >build/all/CTestTestfile.cmake
for preset in $presets; do
  . cmake/build_settings.sh
  cmake --preset "$preset" ${PAINTERS_DATA_DIR+"-DPAINTERS_DATA_DIR=$PAINTERS_DATA_DIR"}
  cmake --build --preset "$preset"
  echo "subdirs(\"$PWD/build/$preset\")" >>build/all/CTestTestfile.cmake
done
exec ctest --test-dir build/all --output-on-failure --parallel "$CMAKE_BUILD_PARALLEL_LEVEL" "$@"
