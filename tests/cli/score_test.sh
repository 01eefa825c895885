# painters score on the default model: lines of requests, metrics of a task, wrong input, and Ctrl-C.
source "$(dirname "$0")/check.sh"
need_model
export PAINTERS_CACHE=$folder/cache
mkdir "$PAINTERS_CACHE"
ln -s "$model" "$PAINTERS_CACHE/SmolLM2-135M-Instruct.Q4_1.gguf"
suite=$PAINTERS_SOURCE_DIR/examples/suite

# file NAME LINES...: a file of these lines in the test's folder.
file() {
  local name=$1
  shift
  printf '%s\n' "$@" >"$folder/$name"
}
# value KEY LINE FILE: what a line of results has for a key.
value() {
  sed -n "$2p" "$folder/$3" | grep -o "\"$1\":[^,}]*" | cut -d : -f 2
}

# Two requests alike, as text: the results are the same lines for the same plan, in order of plans, then requests.
file requests.jsonl '{"context": "The capital of France is", "continuation": " Paris"}' '' \
  '{"context": "The capital of France is ", "continuation": "Paris"}' \
  '{"context": "", "continuation": "Hello"}'
run 0 score --requests "$folder/requests.jsonl" --plan 0..29 --plan none --output "$folder/o.jsonl" && is_silent
last="the results"
[ "$(wc -l <"$folder/o.jsonl")" = 6 ] || failed "expected 6 lines"
[ "$(cut -d , -f 1,2 "$folder/o.jsonl" | tr '\n' ' ')" = '{"plan":"0..29","index":0 {"plan":"0..29","index":1 {"plan":"0..29","index":2 {"plan":"none","index":0 {"plan":"none","index":1 {"plan":"none","index":2 ' ] ||
  failed "expected plans and requests in order"
[ "$(value loglikelihood 1 o.jsonl)" = "$(value loglikelihood 2 o.jsonl)" ] ||
  failed "expected a blank at the end of the context to count as one before the continuation"
[ "$(value is_greedy 1 o.jsonl)" = true ] || failed "expected Paris to be the likeliest"
[ "$(value is_greedy 4 o.jsonl)" = false ] || failed "expected no plan not to know Paris"
[ -e "$folder/o.jsonl.partial" ] && failed "expected no partial file"

run 0 score --requests "$folder/requests.jsonl" && prints "loglikelihood" && prints "0..29"
run 0 score --requests "$folder/requests.jsonl" --format json && prints '"plan":"0..29","index":2'

run 0 score --task winogrande --data "$suite" --limit 4 --output "$folder/d.jsonl" && is_silent
prints "winogrande, 4 documents" && prints "acc "
[ "$(wc -l <"$folder/d.jsonl")" = 4 ] || failed "expected 4 lines"
run 0 score --task hellaswag --data "$suite" --limit 2 --offset 3 --format json --plan "@skip(start=12)"
prints '"acc_norm"' && prints '"plan": "@skip(start=12)"' && prints '"documents": 2'

run 2 score && complains "found neither"
run 2 score --task winogrande && complains "--task needs --data PATH"
run 2 score --task lambda --data "$suite" && complains 'there is no task "lambda"'
run 2 score --requests "$folder/requests.jsonl" --plan "0..40" && complains "layer"
run 1 score --task hellaswag --data "$suite/arc.jsonl" && complains "use --task arc_challenge"
run 1 score --task hellaswag --data "$suite" --offset 100000 && complains "is behind the last one"
run 1 score --requests "$folder/none.jsonl" && complains "none.jsonl"
file broken.jsonl '{"context": "a", "continuation": " b"}' '{"context": "a", "contin'
run 1 score --requests "$folder/broken.jsonl" --output "$folder/broken.out" && complains "line 2"
[ -e "$folder/broken.out" ] && failed "expected no output for broken requests"
file half.jsonl '{"context": "a"}'
run 1 score --requests "$folder/half.jsonl" && complains "line 1"
file ids.jsonl '{"context_ids": [1, 2], "continuation_ids": [4000000]}'
run 1 score --requests "$folder/ids.jsonl" && complains "4000000"
file empty.jsonl ''
run 1 score --requests "$folder/empty.jsonl" && complains "is empty"
run 1 score --requests "$folder/requests.jsonl" --output "$folder" && complains "expected a file to write to"
[ -e /dev/full ] && run 1 score --requests "$folder/requests.jsonl" --output /dev/full && complains "/dev/full"

# Ctrl-C in the middle of much work: lines that are done stay, the file does not get its name.
last="painters score, interrupted"
for i in $(seq 400); do echo '{"context": "One day the old painter said to her '"$i"' pupils that", "continuation": " layers matter"}'; done >"$folder/many.jsonl"
plans=()
for i in $(seq 40); do plans+=(--plan "0..29, 5 x$i"); done
"$painters" score --requests "$folder/many.jsonl" "${plans[@]}" --output "$folder/int.jsonl" >"$folder/out" 2>"$folder/err" &
process=$!
for i in $(seq 300); do
  [ -s "$folder/int.jsonl.partial" ] && break
  sleep 0.2
done
kill -INT $process
wait $process
[ $? = 1 ] || failed "expected exit code 1"
complains "interrupted after"
[ -s "$folder/int.jsonl.partial" ] || failed "expected finished lines in the partial file"
[ -e "$folder/int.jsonl" ] && failed "expected no file under the final name"

finish
