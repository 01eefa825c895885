# painters tokenize: ids, pieces and texts, one by one and from files; wrong input.
source "$(dirname "$0")/check.sh"

mkdir "$folder/bert"
printf '%s\n' '[PAD]' '[UNK]' '[CLS]' '[SEP]' un '##able' able , >"$folder/bert/vocab.txt"

# wrote FILE LINE...: the file has these lines.
wrote() {
  local file=$folder/$1
  shift
  printf '%s\n' "$@" | cmp -s - "$file" || failed "expected $file to be: $*, found: $(cat "$file")"
}

run 0 tokenize --model "$folder/bert" "Unable, able"
prints "4  un" && prints "5  ##able" && prints "4 tokens" && is_silent
run 0 tokenize --model "$folder/bert" --format json --add-special "Unable"
prints '{"ids":[2,4,5,3],"pieces":["[CLS]","un","##able","[SEP]"]}'
run 0 tokenize --model "$folder/bert" "" && prints "0 tokens"

cat >"$folder/i.jsonl" <<'END'
{"text": "unable"}
{"text": "able", "text_pair": "un"}
{"ids": [2, 4, 5, 7, 3]}
END
run 0 tokenize --model "$folder/bert/vocab.txt" --input "$folder/i.jsonl" --output "$folder/o.jsonl"
wrote o.jsonl '{"ids":[4,5],"pieces":["un","##able"]}' \
  '{"ids":[6,4],"pieces":["able","un"],"token_types":[0,1]}' '{"text":"[CLS] unable, [SEP]"}'
run 0 tokenize --model "$folder/bert" --input "$folder/i.jsonl" --add-special
wrote out '{"ids":[2,4,5,3],"pieces":["[CLS]","un","##able","[SEP]"]}' \
  '{"ids":[2,6,3,4,3],"pieces":["[CLS]","able","[SEP]","un","[SEP]"],"token_types":[0,0,0,1,1]}' \
  '{"text":"[CLS] unable, [SEP]"}'
run 0 tokenize --model "$folder/bert" --input "$folder/i.jsonl" --add-special --max-length 4
wrote out '{"ids":[2,4,5,3],"pieces":["[CLS]","un","##able","[SEP]"]}' \
  '{"ids":[2,3,4,3],"pieces":["[CLS]","[SEP]","un","[SEP]"],"token_types":[0,0,1,1]}' \
  '{"text":"[CLS] unable, [SEP]"}'
run 0 tokenize --model "$folder/bert" --format json --max-length 1 "Unable" && prints '{"ids":[4],"pieces":["un"]}'
: >"$folder/empty.jsonl"
run 0 tokenize --model "$folder/bert" --input "$folder/empty.jsonl" --output "$folder/e.jsonl"
[ -f "$folder/e.jsonl" ] && [ ! -s "$folder/e.jsonl" ] || failed "expected an empty file"

run 0 tokenize --help && prints "Examples:" && prints "painters tokenize --model"
run 2 tokenize --model "$folder/bert" && complains "found neither"
run 2 tokenize --model "$folder/bert" a --input "$folder/i.jsonl" && complains "found both"
run 2 tokenize --model "$folder/bert" a --output "$folder/x" && complains "--format json"
run 2 tokenize --model "$folder/bert" a b && complains "tokenize --help"
run 2 tokenize --model "$folder/bert" --max-length 0 a && complains "--max-length"
run 2 tokenize --model "$folder/bert" --add-special --max-length 1 a && complains "a --max-length of at least 2"
run 1 tokenize --model "$folder/none.gguf" a && complains "none.gguf"
run 1 tokenize --model "$folder" a && complains "tokenizer.json, tokenizer.model or vocab.txt"
run 1 tokenize --model "$folder/bert" --input "$folder/none.jsonl" && complains "none.jsonl"
run 1 tokenize a && complains "cmake/fetch_model.sh"

# bad LINE SENTENCE: nothing is written for a file with this line after a good one.
bad() {
  printf '{"text": "un"}\n%s\n' "$1" >"$folder/b.jsonl"
  run 1 tokenize --model "$folder/bert" --input "$folder/b.jsonl" --output "$folder/bad.jsonl"
  complains "line 2" && complains "$2"
  [ ! -e "$folder/bad.jsonl" ] || failed "expected no output"
}
bad '{"ids": [8]}' "found 8"
bad '{"ids": [-1]}' "found -1"
bad '{"ids": ["a"]}' "a whole number"
bad '{"text": "a", "ids": []}' "found both"
bad '{}' "found neither"
bad '{"text": 3}' "a string"
bad 'text' "JSON"

vocabularies=${PAINTERS_DATA_DIR:-}/tokenizers/ggml_vocab
if [ -f "$vocabularies/ggml-vocab-gpt-2.gguf" ]; then # without weights
  run 0 tokenize --model "$vocabularies/ggml-vocab-gpt-2.gguf" --format json "Hello world"
  prints '{"ids":[15496,995],"pieces":["Hello","Ġworld"]}'
fi
finish
