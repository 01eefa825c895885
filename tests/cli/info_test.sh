# painters info: what files hold, also those that cannot be run; wrong input.
source "$(dirname "$0")/check.sh"

run 2 info --nonsense && complains "info --help"
run 1 info "$folder/none.gguf" && complains "none.gguf"
run 1 info "$folder" && complains "config.json"
run 0 info --help && prints "painters info model.gguf"

data=${PAINTERS_DATA_DIR:-}
if [ -n "$data" ]; then
  run 0 info "$data/models/stories260K/hf" && is_silent
  prints "safetensors, llama, 260 thousand parameters" && prints "num_key_value_heads      4"
  prints "algorithm                SentencePiece" && prints "model.layers.{}.mlp.up_proj.weight"
  prints "[172,64] x5" && prints "those of a layer 182 kB"
  run 0 info --model "$data/golden/gen/tiny/mistral_8_window6" && prints "sliding_window           6"
  prints "problem" && prints "expected tokenizer.json, tokenizer.model or vocab.txt"
  run 0 info "$data/golden/gen/tiny/gpt_neox_10_parallel_residual" && prints "sum(attention, ffn)"
  run 0 info "$data/golden/bert/tiny_cls3" && prints "head                     classifier" && prints "num_labels               3"
  run 0 info "$data/tokenizers/ggml_vocab/ggml-vocab-gpt-2.gguf" && prints "found \"gpt2\""
  prints "byte-level BPE"
fi

need_model
run 0 info "$model" && is_silent
prints "GGUF, llama, 135 million parameters, 96.6 MB" && prints "blk.{}.ffn_gate.weight     Q4_1"
run 0 info --format json --model "$model" && is_silent
for field in '"num_hidden_layers": 30' '"tokens": 49152' '"parameters": 134515008' '"Q8_0": 1'; do
  prints "$field"
done
finish
