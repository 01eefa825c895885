# painters reproduce and report on the default model with one short document a task: a report at any time, also when
# reproduce was killed and continued.
source "$(dirname "$0")/check.sh"
need_model
export PAINTERS_CACHE=$folder/cache
mkdir "$PAINTERS_CACHE"
ln -s "$model" "$PAINTERS_CACHE/SmolLM2-135M-Instruct.Q4_1.gguf"
report=$folder/report

# One short document for each task.
mkdir "$folder/data"
echo '{"text": "The sun is hot, and ice is cold"}' >"$folder/data/lambada.jsonl"
echo '{"id": "1", "question": "What flies?", "choices": {"text": ["a cow", "an owl"], "label": ["A", "B"]}, "answerKey": "B"}' >"$folder/data/arc.jsonl"
echo '{"ind": 0, "activity_label": "Tea", "ctx_a": "Ann makes tea.", "ctx_b": "she", "ctx": "Ann makes tea. she", "endings": ["drinks it.", "flies off.", "eats snow.", "is a cat."], "label": 0, "split": "val", "source_id": "x"}' >"$folder/data/hellaswag.jsonl"
echo '{"sentence": "Ana ate the cake, not the plate, as the _ was sweet.", "option1": "plate", "option2": "cake", "answer": "2"}' >"$folder/data/winogrande.jsonl"
reproduce="reproduce --data $folder/data --output $report"

run 1 report --output "$report" && complains "expected a store of results at $report/results.sqlite, found none"
[ -e "$report" ] && failed "expected no folder"

# Killed twice, reported in between, then finished.
last="painters reproduce, killed"
for i in 1 2; do
  "$painters" $reproduce >"$folder/out" 2>"$folder/err" &
  process=$!
  for j in $(seq 300); do
    [ "$(stat -c %s "$report/results.sqlite-wal" 2>/dev/null || echo 0)" -gt $((i * 40000)) ] && break
    kill -0 $process 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL $process 2>/dev/null
  wait $process 2>/dev/null
done
run 0 report --output "$report" && is_silent
prints "painters reproduce does the rest"
[ -s "$report/report.html" ] || failed "expected a page"
run 0 $reproduce && is_silent && prints "The report: $report/report.html"
for file in summary.csv summary.json documents.csv report.html; do
  [ -s "$report/$file" ] || failed "expected $file"
done
cp "$report/documents.csv" "$folder/documents.csv"

# Again: nothing is computed, and the report alone says the same without the model.
run 0 $reproduce --format json && is_silent && prints '"experiments_done": 116'
cmp "$report/documents.csv" "$folder/documents.csv" || failed "expected the same results"
rm "$PAINTERS_CACHE/SmolLM2-135M-Instruct.Q4_1.gguf"
run 0 report --output "$folder/elsewhere" --store "$report/results.sqlite" && is_silent
cmp "$folder/elsewhere/documents.csv" "$folder/documents.csv" || failed "expected the same results"

"$painters" report --output "$report" >/dev/full 2>/dev/null && failed "expected a full disk to be reported"
echo text >"$folder/text"
run 1 report --output "$report" --store "$folder/text" && complains "a file of another kind"
run 1 report --output "$folder/text" && complains "expected a store"

finish
