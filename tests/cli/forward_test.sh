# painters forward: arrays of the right shape, the most likely token, wrong input.
source "$(dirname "$0")/check.sh"
need_model
export PAINTERS_CACHE=$folder/cache
mkdir "$PAINTERS_CACHE"
ln -s "$model" "$PAINTERS_CACHE/SmolLM2-135M-Instruct.Q4_1.gguf"

# shape FILE: the shape in the header of an array.
shape() {
  head -c 128 "$folder/$1" | grep -ao "'shape': ([^)]*)"
}

run 0 forward --tokens 504,3575,282,4649,314 --logits "$folder/l.npy" --states "$folder/s.npy"
prints "logits [5, 49152], states [31, 5, 576]" && prints "7042 (" # " Paris"
[ "$(shape l.npy)" = "'shape': (5, 49152)" ] || failed "expected logits of 5 x 49152"
[ "$(shape s.npy)" = "'shape': (31, 5, 576)" ] || failed "expected states of 31 x 5 x 576"
[ "$(stat -c %s "$folder/s.npy")" = $((128 + 4 * 31 * 5 * 576)) ] || failed "expected all states"

# A step is a top-level element, loops unrolled: 13, a group three times, 29.
run 0 forward --tokens 504,3575 --plan "13, mean(14..16) x3, 29" --states "$folder/s.npy" --format json
prints '"plan": "13, mean(14..16) x3, 29"' && [ "$(shape s.npy)" = "'shape': (6, 2, 576)" ] ||
  failed "expected six states"
run 0 forward --tokens 504 --plan none && prints "states [1, 1, 576]"

# How many weights are kept in f32 changes no bit of the results.
run 0 forward --tokens 504,3575,282,4649,314 --logits "$folder/kept.npy" --weights-memory 4GB
for memory in 0 20MB; do
  run 0 forward --tokens 504,3575,282,4649,314 --logits "$folder/made.npy" --weights-memory $memory
  cmp "$folder/kept.npy" "$folder/made.npy" || failed "expected the same logits"
done
run 2 forward --tokens 1 --weights-memory 5x && complains "--weights-memory"

run 0 forward --tokens 504 --plan 0,29 --backend reference --precision f32 && prints "states [3, 1, 576]"

run 2 forward && complains "--tokens is required"
run 2 forward --tokens "" && complains 'separated by commas, found ""'
run 2 forward --tokens "1,,2" && complains 'found "1,,2"'
run 2 forward --tokens "1,x" && complains 'found "1,x"'
run 2 forward --tokens 1 --plan "0..30" && complains "column 4" && complains "layer 30"
run 1 forward --tokens 1,49152 && complains "49152"
run 1 forward --tokens 1 --model "$folder/none.gguf" && complains "none.gguf"
run 1 forward --tokens 1 --logits "$folder/none/l.npy" && complains "l.npy"
head -c 50000000 "$model" >"$folder/cut.gguf"
run 1 forward --tokens 1 --model "$folder/cut.gguf" && complains "the file is damaged"
PAINTERS_CACHE=$folder/empty
run 1 forward --tokens 1 && complains "cmake/fetch_model.sh"

finish
