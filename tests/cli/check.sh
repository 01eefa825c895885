# Functions that the tests of the program share. Sourced with the program's path as first argument; every failure is
# shown, and finish says whether there were any.
set -u
painters=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# The tests see an empty cache without a model, unless a test sets another.
real_cache=${PAINTERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/painters}
export PAINTERS_CACHE=$folder/cache

# run EXIT_CODE ARGUMENTS...: leaves standard output in $folder/out, standard error in $folder/err.
run() {
  local expected=$1 code=0
  shift
  last="painters $*"
  "$painters" "$@" >"$folder/out" 2>"$folder/err" </dev/null || code=$?
  [ "$code" = "$expected" ] || failed "expected exit code $expected, found $code"
}

failed() {
  failures=$((failures + 1))
  echo "FAILED: $last: $1"
  sed 's/^/  out: /' "$folder/out" | head -20
  sed 's/^/  err: /' "$folder/err" | head -20
}

# prints TEXT: standard output has this text; complains TEXT: standard error is one line "painters: ..." with it.
prints() {
  grep -qF -- "$1" "$folder/out" || failed "expected the output to have \"$1\""
}
complains() {
  [ "$(wc -l <"$folder/err")" = 1 ] || failed "expected one line on standard error"
  case $(cat "$folder/err") in
    "painters: "*"$1"*) ;;
    *) failed "expected the error to be \"painters: ...$1...\"" ;;
  esac
}
is_silent() {
  [ ! -s "$folder/err" ] || failed "expected nothing on standard error"
}

# The default model's file, or the end of the test as skipped.
need_model() {
  model=${PAINTERS_MODEL:-${real_cache:-}/SmolLM2-135M-Instruct.Q4_1.gguf}
  [ -f "$model" ] && return
  echo "skipped: the default model is not at $model: fetch it with cmake/fetch_model.sh"
  exit 77
}

finish() {
  [ "$failures" = 0 ] && exit 0
  echo "$failures failed"
  exit 1
}
