#!/bin/sh
# Installs what painters needs on Debian 12 and 13 and their relatives. Does nothing if all of it is already there.
#   install_packages.sh               what the program needs, and what fetches its default model
#   install_packages.sh tests         also what the tests and benchmarks need
#   install_packages.sh tests clang   also the second compiler
set -eu

# PaintersDependencies.cmake and examples/cli/CMakeLists.txt look for these libraries; pip fetches the model.
program="g++ cmake ninja-build pkgconf ca-certificates
  libdnnl-dev ocl-icd-opencl-dev libeigen3-dev libxtensor-dev libxsimd-dev libfmt-dev nlohmann-json3-dev libcli11-dev
  libpcre2-dev libutf8proc-dev libsentencepiece-dev libboost-dev libsqlitecpp-dev libsqlite3-dev libxxhash-dev
  gnuplot-nox fonts-dejavu-core python3 python3-pip"
tests="catch2 librapidcheck-dev libbenchmark-dev doxygen"
clang="clang libomp-dev"

fail() {
  echo "install_packages: $1" >&2
  exit 1
}

is_installed() {
  dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

wanted=$program
for word in "$@"; do
  case $word in
    tests) wanted="$wanted $tests" ;;
    clang) wanted="$wanted $clang" ;;
    *)
      echo "install_packages: expected the words tests and clang, both, one or none, found $word" >&2
      exit 2
      ;;
  esac
done

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "install_packages: this system has no apt-get, so nothing is installed; what painters needs, by Debian's names:" \
    $wanted >&2
  exit 0
fi
missing=
for package in $wanted; do
  is_installed "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null && sudo true ||
    fail "expected the rights to install packages, found a user without them: let an administrator run apt-get install$missing"
  as_root=sudo
fi
log=$(mktemp) || fail "expected to write into ${TMPDIR:-/tmp}: check its permissions and space"
trap 'rm -f "$log"' EXIT
trap 'exit 1' INT TERM HUP

echo "Installing$missing ..."
# Old lists of packages may suffice; installing shows what is really missing.
$as_root apt-get -qq update >"$log" 2>&1 </dev/null || true
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends \
  -o DPkg::Lock::Timeout=300 $missing >>"$log" 2>&1 </dev/null ||
  fail "expected apt-get to install these packages, but it could not ($(sed -n 's/^E: //p' "$log" | head -n 1)): check the network, the package sources and the free space, then run this again"
