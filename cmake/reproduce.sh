#!/bin/sh
# Everything that it takes to reproduce the paper on a fresh Debian 12 or 13: installs what is needed, builds the
# program, fetches the default model and runs
#   painters reproduce [arguments...]
# which leaves its report in painters-report/, or where --output says.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
program=$root/build/release/examples/cli/painters

"$root/cmake/install_packages.sh"
(
  cd "$root"
  preset=release
  . cmake/build_settings.sh
  cmake --preset $preset && cmake --build --preset $preset --target painters_program
)
case " $* " in
  *' --model'* | *' --help '* | *' -h '*) ;;
  *) "$root/cmake/fetch_model.sh" ;;
esac
exec "$program" reproduce "$@"
