#!/bin/sh
# Everything that it takes to run all tests on a fresh Debian 12 or 13: installs what is needed, fetches the default
# model, builds and runs
#   ctest [arguments...]
# Tests against independent data are skipped unless PAINTERS_DATA_DIR names the folder that has them, tests of the
# default model if it cannot be fetched.
set -eu
if [ -n "${PAINTERS_DATA_DIR:-}" ]; then
  PAINTERS_DATA_DIR=$(cd "$PAINTERS_DATA_DIR" 2>/dev/null && pwd) || {
    echo "test: expected PAINTERS_DATA_DIR to name a folder, found none of that name: correct or unset it" >&2
    exit 2
  }
fi
cd "$(dirname "$0")/.."

cmake/install_packages.sh tests
cmake/fetch_model.sh || echo "test: going on without the default model: the tests that run it are skipped" >&2
preset="test"
. cmake/build_settings.sh
cmake --preset $preset ${PAINTERS_DATA_DIR+"-DPAINTERS_DATA_DIR=$PAINTERS_DATA_DIR"}
cmake --build --preset $preset
exec ctest --preset $preset --parallel "$CMAKE_BUILD_PARALLEL_LEVEL" "$@"
