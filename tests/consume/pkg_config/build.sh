#!/bin/sh
# Uses an installed painters without CMake: build.sh COMPILER PREFIX
set -eu
export PKG_CONFIG_PATH="$2/share/pkgconfig"
command -v pkg-config >/dev/null || {
  echo "skipped: there is no pkg-config"
  exit 77
}
mkdir bin
ln -s "$(command -v "$1")" bin/g++
PATH=$PWD/bin:$PATH
cp ../main.cpp my_program.cpp

# shellcheck disable=SC2046
g++ -std=c++20 $(pkg-config --cflags painters) my_program.cpp -o my_program

# Wherever the prefix is, pkg-config names its headers and links nothing, and the version is that of the CMake package.
flags=$(pkg-config --cflags --libs painters | sed 's/ *$//')
[ "$(cd "${flags#-I}" && pwd -P)" = "$(cd "$2/include" && pwd -P)" ] || {
  echo "expected pkg-config to say -I$2/include, found $flags"
  exit 1
}
version=$(pkg-config --modversion painters)
grep -q "PACKAGE_VERSION \"$version\"" "$2"/lib*/cmake/painters/paintersConfigVersion.cmake \
  "$2"/lib/*/cmake/painters/paintersConfigVersion.cmake 2>/dev/null || {
  echo "expected pkg-config and CMake to name one version, found $version in painters.pc"
  exit 1
}
