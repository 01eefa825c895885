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

# Two requests alike, as text: their results are the same lines for the same plan, in the order of plans, then requests.
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

# The same command again, and one more plan, compute only what is new; another spelling of a plan is the same plan.
cp "$folder/o.jsonl" "$folder/first.jsonl"
run 0 score --requests "$folder/requests.jsonl" --plan 0..29 --plan none --output "$folder/o.jsonl" && is_silent
prints "6 of them from $folder/o.jsonl.store"
cmp "$folder/o.jsonl" "$folder/first.jsonl" || failed "expected the same file again"
run 0 score --requests "$folder/requests.jsonl" --plan "(0..14), 15..29" --plan 0..3 --output "$folder/p.jsonl" \
  --store "$folder/o.jsonl.store" && prints "6 requests" && prints "3 of them from"
[ "$(value loglikelihood 1 p.jsonl)" = "$(value loglikelihood 1 o.jsonl)" ] || failed "expected the stored score"
run 0 score --requests "$folder/requests.jsonl" --output "$folder/q.jsonl" --store none && is_silent
[ "$(value loglikelihood 2 q.jsonl)" = "$(value loglikelihood 2 o.jsonl)" ] || failed "expected the same score"
[ -e "$folder/q.jsonl.store" ] && failed "expected no store"
run 0 score --requests "$folder/requests.jsonl" --output /dev/null && is_silent
run 1 score --requests "$folder/requests.jsonl" --store "$folder/requests.jsonl" && complains "a file of another kind"
run 1 score --requests "$folder/requests.jsonl" --store "$folder" && complains "expected to open"
run 2 score --requests "$folder/requests.jsonl" --memory 5x && complains "--memory"

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
run 1 score --task hellaswag --data "$suite" --offset 100000 && complains "is past the last one"
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

# Much work, ended in the middle: no output, but the scores are kept, and the same command does the rest.
for i in $(seq 40); do echo '{"context": "One day the old painter said to her '"$i"' pupils that", "continuation": " layers matter"}'; done >"$folder/many.jsonl"
plans=()
for i in $(seq 30); do plans+=(--plan "0..29, 5 x$i, 7"); done
run 0 score --requests "$folder/many.jsonl" "${plans[@]}" --output "$folder/all.jsonl" --store none
# The command that is ended has a hundred times as much to do, so that no machine finishes it first.
{ cat "$folder/many.jsonl"; for i in $(seq 4000); do echo '{"context": "The '"$i"' pupils say that", "continuation": " layers matter"}'; done; } >"$folder/more.jsonl"
size_of_log() { stat -c %s "$folder/int.jsonl.store-wal" 2>/dev/null || echo 0; }
kept() {
  before=$(size_of_log)
  "$painters" score --requests "$folder/more.jsonl" "${plans[@]}" --output "$folder/int.jsonl" --memory 2MB \
    >"$folder/out" 2>"$folder/err" &
  process=$!
  while kill -0 $process 2>/dev/null && [ "$(size_of_log)" -le "$before" ]; do sleep 0.1; done
  # A thread that computes must not be given the signals, see examples/cli/interrupt.hpp.
  for thread in /proc/$process/task/*; do
    [ "$(cat "$thread/comm" 2>/dev/null)" = signals ] && continue
    blocked=$(sed -n 's/^SigBlk:.*\(.....\)$/\1/p' "$thread/status" 2>/dev/null)
    [ -z "$blocked" ] || [ $((0x$blocked & 0x4002)) = $((0x4002)) ] || failed "expected SIGINT and SIGTERM to be blocked in every thread but one, found $blocked"
  done
  kill -$1 $process
  wait $process
  [ $? = "$2" ] || failed "expected exit code $2"
  for left in "$folder"/int.jsonl*; do
    case $left in
      *.store | *.store-wal | *.store-shm) ;;
      *) failed "expected nothing but the store, found $left" ;;
    esac
  done
}
head -n 1 "$folder/many.jsonl" >"$folder/one.jsonl"
run 0 score --requests "$folder/one.jsonl" --output "$folder/one.out" --store "$folder/int.jsonl.store"
last="painters score, interrupted"
kept INT 1
complains "interrupted after" && complains "the same command does the rest"
last="painters score, killed"
kept KILL 137
kept KILL 137
run 0 score --requests "$folder/many.jsonl" "${plans[@]}" --output "$folder/int.jsonl" && prints "of them from"
# Passes of other sizes round log-likelihoods differently; everything else is the same to the letter.
without_loglikelihood() { sed 's/"loglikelihood":[^,]*,//' "$1"; }
without_loglikelihood "$folder/all.jsonl" >"$folder/all.rest"
without_loglikelihood "$folder/int.jsonl" | cmp - "$folder/all.rest" || failed "expected the same results as in one go"
paste <(grep -o '"loglikelihood":[^,]*' "$folder/all.jsonl") <(grep -o '"loglikelihood":[^,]*' "$folder/int.jsonl") |
  awk -F '[:\t]' '{ d = $2 - $4; if (d < 0) d = -d; if (d > 1e-4) exit 1 }' || failed "expected the same log-likelihoods"

# Two at a time fill one store.
last="painters score, two at a time"
for i in 1 2; do
  "$painters" score --requests "$folder/many.jsonl" "${plans[@]:0:20}" --output "$folder/two$i.jsonl" --store "$folder/two.store" >"$folder/out" 2>"$folder/err$i" &
done
wait
cmp "$folder/two1.jsonl" "$folder/two2.jsonl" >/dev/null || paste "$folder/two1.jsonl" "$folder/two2.jsonl" | head -3
[ "$(wc -l <"$folder/two1.jsonl") $(wc -l <"$folder/two2.jsonl")" = "400 400" ] || failed "expected two whole files"
[ -s "$folder/err1" ] || [ -s "$folder/err2" ] && failed "expected no complaints"

finish
