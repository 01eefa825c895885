#!/bin/sh
# Runs a program on the default model: with_default_model.sh FILE PROGRAM [ARGUMENTS...]. FILE is the model's; if it is
# empty, the model is where cmake/fetch_model.sh keeps it. Ends with exit code 77 if it is not there.
set -eu
model=${1:-${PAINTERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/painters}/SmolLM2-135M-Instruct.Q4_1.gguf}
shift
if [ ! -f "$model" ]; then
  echo "skipped: the default model is not at $model: fetch it with cmake/fetch_model.sh"
  exit 77
fi
exec "$@" "$model"
