# painters forward of a BERT: a classifier, a sentence encoder, token types, wrong input.
source "$(dirname "$0")/check.sh"
data=${PAINTERS_DATA_DIR:-}
if [ -z "$data" ]; then
  echo "skipped: PAINTERS_DATA_DIR is not set"
  exit 77
fi
bert=$data/golden/bert/tiny_cls3

# shape FILE: the shape in the header of an array.
shape() {
  head -c 128 "$folder/$1" | grep -ao "'shape': ([^)]*)"
}

run 0 forward --model "$bert" --tokens 42,56,66,34 --token-types 0,0,1,1 --logits "$folder/l.npy" --states "$folder/s.npy"
prints "logits [1, 3], states [9, 4, 48] under 0..7" && prints "classes of the text, by logit:" && is_silent
[ "$(shape l.npy)" = "'shape': (1, 3)" ] || failed "expected logits of 1 x 3"
[ "$(shape s.npy)" = "'shape': (9, 4, 48)" ] || failed "expected states of 9 x 4 x 48"
run 0 forward --model "$bert" --tokens 42,56,66,34 --token-types 0,0,0,0 --logits "$folder/zeros.npy"
run 0 forward --model "$bert" --tokens 42,56,66,34 --logits "$folder/none.npy"
cmp -s "$folder/zeros.npy" "$folder/none.npy" || failed "expected token types of 0 by default"
cmp -s "$folder/zeros.npy" "$folder/l.npy" && failed "expected token types to matter"
run 0 forward --model "$bert" --tokens 42,56 --plan "0, mean(1..6) x3, 7.attention" --format json
prints '"best"' && prints '"plan": "0, mean(1..6) x3, 7.attention"'

run 1 forward --model "$bert" --tokens 42,120 && complains "found 120"
run 1 forward --model "$bert" --tokens 42,56 --token-types 0 && complains "as many token types as tokens, 2, found 1"
run 1 forward --model "$bert" --tokens 42,56 --token-types 0,2 && complains "token types of 0 to 1"
run 2 forward --model "$bert" --tokens 42,56 --token-types 0,x && complains "expected --token-types to be numbers"
run 2 forward --model "$bert" --tokens 42 --token-types "" && complains "expected --token-types to be numbers"
run 1 forward --model "$bert" --tokens "$(seq -s , 1 41)" && complains "texts of 1 to 40 tokens" && complains "one of 41"
run 2 forward --model "$bert" --tokens 42 --plan 8 && complains "layer 8"
echo '{"context_ids": [1], "continuation_ids": [2]}' >"$folder/r.jsonl"
run 1 score --model "$bert" --requests "$folder/r.jsonl" && complains "found a BERT"
run 1 reproduce --model "$bert" --output "$folder/report" && complains "found a BERT"
run 1 forward --model "$data/models/stories260K/hf" --tokens 1,2 --token-types 0,0
complains "expected no token types for this model"

# The encoder alone: tensors without the prefix, and without the pooler.
mkdir "$folder/encoder"
cp "$bert/config.json" "$folder/encoder"
sed -i 's/BertForSequenceClassification/BertModel/' "$folder/encoder/config.json"
for name in bert.pooler.dense.weight bert.pooler.dense.bias classifier.weight classifier.bias; do
  edits+=(-e "s/\"$name\"/\"${name//e/x}\"/")
done
LC_ALL=C sed "${edits[@]}" "$bert/model.safetensors" >"$folder/encoder/model.safetensors"
run 0 forward --model "$folder/encoder" --tokens 42,56 --states "$folder/s.npy" && prints "logits [0, 0], states [9, 2, 48]"
run 1 forward --model "$folder/encoder" --tokens 42,56 --logits "$folder/x.npy" && complains "--states writes its states"
[ ! -e "$folder/x.npy" ] || failed "expected no logits"
finish
