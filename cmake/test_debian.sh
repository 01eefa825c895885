#!/bin/sh
# Runs all tests on a fresh Debian 13, from any machine that has debootstrap: makes a root of that system, copies this
# checkout into it and, with nothing but what cmake/install_packages.sh installs, runs there
#   cmake/test.sh [arguments...]
# Must run as root. The root and what was built in it are kept, so the next run is short.
#   --suite NAME     another release: bookworm is Debian 12 (default: trixie)
#   --root FOLDER    where the root is kept, some 3 GB (default: build/debian-NAME in this checkout)
#   --mirror URL     where its packages come from (default: as this system's)
# PAINTERS_DATA_DIR and the default model are taken from this system.
set -eu
suite=trixie
root=
mirror=

fail() {
  echo "test_debian: $1" >&2
  exit "${2:-1}"
}

while :; do
  case ${1-} in
    --suite | --root | --mirror)
      [ -n "${2-}" ] || fail "expected a value after $1, found none: see the head of cmake/test_debian.sh" 2
      case $1 in
        --suite) suite=$2 ;;
        --root) root=$2 ;;
        --mirror) mirror=$2 ;;
      esac
      shift 2
      ;;
    *) break ;;
  esac
done
[ "$(id -u)" = 0 ] || fail "expected to run as root, which debootstrap and chroot need, found user $(id -un): use sudo"
command -v debootstrap >/dev/null || fail "expected debootstrap, found none: install the package of that name"
command -v unshare >/dev/null || fail "expected unshare, found none: install the package util-linux"
data=
if [ -n "${PAINTERS_DATA_DIR:-}" ]; then
  data=$(cd "$PAINTERS_DATA_DIR" 2>/dev/null && pwd) ||
    fail "expected PAINTERS_DATA_DIR to name a folder, found none of that name: correct or unset it" 2
fi
source=$(cd "$(dirname "$0")/.." && pwd)
root=${root:-$source/build/debian-$suite}
mkdir -p "$root" || fail "expected to make the folder $root: check its permissions or use --root"
root=$(cd "$root" && pwd)

system_mirror() {
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] && sed -n 's/^URIs: *\([^ ]*\/debian\)\/* *$/\1/p' "$file"
  done
  [ -f /etc/apt/sources.list ] && awk '$1 == "deb" && $2 ~ /\/debian\/*$/ { print $2 }' /etc/apt/sources.list
}

# debootstrap may have been interrupted: this file says what was made, and is there only once it is complete.
if [ -e "$root/.complete" ] && [ "$(cat "$root/.complete")" != "$suite" ]; then
  fail "expected a root of $suite in $root, found one of $(cat "$root/.complete"): name another folder with --root" 2
fi
if [ ! -e "$root/.complete" ]; then
  [ -n "$mirror" ] || mirror=$(system_mirror | head -n 1)
  [ -n "$mirror" ] ||
    fail "expected a mirror of Debian among this system's package sources, found none: name one with --mirror" 2
  [ -z "$(ls -A "$root")" ] || [ -d "$root/debootstrap" ] || [ -e "$root/etc/debian_version" ] ||
    fail "expected $root to be empty, found files in it: name another folder with --root" 2
  echo "Making a root of $suite in $root from $mirror ..."
  log=$(mktemp) || fail "expected to write into ${TMPDIR:-/tmp}: check its permissions and space"
  debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" "$mirror" >"$log" 2>&1 ||
    fail "expected debootstrap to make a root of $suite from $mirror, but it could not ($(tail -n 1 "$log")): see $log, check the network, or name a --mirror"
  rm -f "$log"
  echo "deb $mirror $suite main" >"$root/etc/apt/sources.list"
  # The network is reached as from this system, with its proxies and certificates.
  apt-config dump 2>/dev/null | grep -E '^Acquire::(https?|Check-|Retries|ForceIP)' >"$root/etc/apt/apt.conf.d/00system" ||
    true
  if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
  fi
  echo "$suite" >"$root/.complete"
fi

echo "Copying $source to $root/painters ..."
mkdir -p "$root/painters" "$root/data" "$root/cache"
find "$root/painters" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
(cd "$source" && tar -c --exclude-vcs --exclude='./build*' --exclude='./out*' --exclude=./painters-report .) |
  tar -x -C "$root/painters" --no-same-owner
for file in /etc/resolv.conf /etc/hosts; do
  [ ! -f "$file" ] || cp -L "$file" "$root/etc/"
done
cache=${PAINTERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/painters}
"$source/cmake/fetch_model.sh" || true  # test.sh says what is skipped without it

# Mounts in a namespace of their own disappear with it, whatever happens.
export root data cache
# shellcheck disable=SC2016
exec unshare --mount --propagation private sh -euc '
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  [ -z "$data" ] || { mount --bind "$data" "$root/data" && mount -o remount,bind,ro "$root/data"; }
  [ ! -d "$cache" ] || mount --bind "$cache" "$root/cache"
  exec chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 PAINTERS_CACHE=/cache \
    ${data:+PAINTERS_DATA_DIR=/data} ${CMAKE_BUILD_PARALLEL_LEVEL:+CMAKE_BUILD_PARALLEL_LEVEL=$CMAKE_BUILD_PARALLEL_LEVEL} \
    /painters/cmake/test.sh "$@"
' test_debian "$@"
