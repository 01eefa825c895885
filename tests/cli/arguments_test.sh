# Help, version, and the exit codes and sentences for wrong arguments.
source "$(dirname "$0")/check.sh"

run 0 --version && prints "painters " && is_silent
run 0 --help && prints "Usage: painters" && is_silent
commands=$(sed -n '/^Subcommands:/I,/^$/s/^  \([a-z]*\) .*/\1/p' "$folder/out")
[ -n "$commands" ] || failed "expected commands in the help"
for command in $commands; do
  run 0 "$command" --help && prints "Example" && is_silent
done

run 2 && complains "expected a command; see painters --help"
run 2 plam && complains "plam"
run 2 --nonsense && complains "--nonsense"
run 2 plan && complains "expected --plan or --plans, found neither; see painters plan --help"
run 2 plan --layers 3 --plan && complains "--plan"
run 2 plan --layers 0 --plan 0 && complains "--layers"
run 2 plan --layers -4 --plan 0 && complains "--layers"
run 2 plan --layers 3 --plan 0 --format yaml && complains "--format"
run 2 plan --layers 3 --plan 0 more && complains "more"

run 1 plan --plan 0
complains "expected the default model at $PAINTERS_CACHE/SmolLM2-135M-Instruct.Q4_1.gguf, found none"
run 1 plan --plan 0 --model "$folder/none.gguf" && complains "none.gguf"
printf 'GGUF' >"$folder/short.gguf"
run 1 plan --plan 0 --model "$folder/short.gguf" && complains "short.gguf"
mkdir "$folder/empty"
run 1 plan --plan 0 --model "$folder/empty" && complains "config.json"

run 2 forward --tokens 1 --model "$folder/none.gguf" --backend abacus
complains 'expected a backend that this build has, ' && complains 'reference, found "abacus"'
run 2 score --requests r.jsonl --model "$folder/none.gguf" --backend reference --precision bf16
complains 'expected a precision that the backend reference has, f32, found "bf16"'

if [ -e /dev/full ]; then
  last="painters plan >/dev/full"
  "$painters" plan --layers 3 --plan 0 >/dev/full 2>"$folder/err" </dev/null
  [ $? = 1 ] || failed "expected exit code 1"
  complains "standard output"
fi

finish
