# A bad download of each kind, through the program: one line that says what it is, exit code 1, nothing written.
source "$(dirname "$0")/check.sh"

pointer='version https://git-lfs.github.com/spec/v1
oid sha256:0123456789012345678901234567890123456789012345678901234567890123
size 91739520
'

# refused MODEL SENTENCE: every command that reads a model ends with it.
refused() {
  run 1 forward --tokens 1 --model "$folder/$1" --logits "$folder/l.npy" && complains "$2"
  run 1 score --requests "$folder/r.jsonl" --plan 0 --model "$folder/$1" --output "$folder/o.jsonl" && complains "$2"
  [ ! -e "$folder/l.npy" ] && [ ! -e "$folder/o.jsonl" ] || failed "expected nothing to be written"
}
echo '{"context_ids": [1], "continuation_ids": [2]}' >"$folder/r.jsonl"

: >"$folder/empty.gguf"
refused empty.gguf "found an empty file; fetch it again"
printf '%s' "$pointer" >"$folder/pointer.gguf"
refused pointer.gguf "found a Git LFS pointer, which only names the file; fetch the file itself with git lfs pull"
echo '<!DOCTYPE html><html><head><title>Sign in</title>' >"$folder/page.gguf"
refused page.gguf "found a web page"
printf 'PK\003\004\024\000model.gguf' >"$folder/m.zip"
refused m.zip "found a zip archive; unpack it"
printf '\037\213\010\000' >"$folder/m.gguf.gz"
refused m.gguf.gz "found a gzip archive; unpack it"
printf '\200\002\212\012l' >"$folder/pytorch_model.bin"
refused pytorch_model.bin "found a PyTorch checkpoint; convert the model to safetensors"
printf 'GGUF\003\000' >"$folder/cut.gguf"
refused cut.gguf "the file is damaged"
refused none.gguf "No such file or directory; check the path"

# A model of two layers, all of whose weights are 0, in a folder; what is said after its name becomes one of NaN.
make_model() {
  mkdir -p "$folder/$1"
  python3 - "$folder/$1" "${2-}" <<'END'
import json, struct, sys
folder, spoilt = sys.argv[1:]
sizes = {"model.embed_tokens": [5, 8], "model.norm": [8], "lm_head": [5, 8]}
for i in range(2):
    at = f"model.layers.{i}."
    sizes |= {at + name: [8] for name in ("input_layernorm", "post_attention_layernorm")}
    sizes |= {at + "self_attn." + name + "_proj": [8, 8] for name in "qkvo"}
    sizes |= {at + "mlp." + name + "_proj": [8, 8] for name in ("gate", "up", "down")}
header, data = {}, b""
for name, shape in sizes.items():
    count = shape[0] * (shape[1] if len(shape) > 1 else 1)
    bytes_ = struct.pack("<f", float("nan") if name == spoilt else 0) * count
    header[name + ".weight"] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(bytes_)]}
    data += bytes_
header = json.dumps(header).encode()
open(folder + "/model.safetensors", "wb").write(struct.pack("<Q", len(header)) + header + data)
json.dump({"model_type": "llama", "num_hidden_layers": 2, "hidden_size": 8, "intermediate_size": 8,
           "num_attention_heads": 2, "vocab_size": 5}, open(folder + "/config.json", "w"))
END
}

make_model good
run 0 forward --tokens 1,2 --model "$folder/good" && prints "logits [2, 5]"
run 0 score --requests "$folder/r.jsonl" --plan 0..1 --model "$folder/good"
refused good/model.safetensors "found a safetensors file; give the folder that holds it and its config.json"
refused good/config.json "found a JSON file; give the folder that holds it, or a .gguf file"

mkdir -p "$folder/nothing" "$folder/cache/snapshots"
refused nothing "found nothing in it; fetch the model's config.json beside its weights"
cp -r "$folder/good" "$folder/cache/snapshots/1a2b"
refused cache "found snapshots/; give $folder/cache/snapshots/1a2b, which has one"
mkdir "$folder/gguf"
: >"$folder/gguf/m.gguf"
refused gguf "found m.gguf; give $folder/gguf/m.gguf, the file itself"
run 1 plan --model "$folder/gguf" --plan 0 && complains "give $folder/gguf/m.gguf, the file itself"

cp -r "$folder/good" "$folder/torch"
mv "$folder/torch/model.safetensors" "$folder/torch/pytorch_model.bin"
refused torch "found config.json, pytorch_model.bin; convert the weights in pytorch_model.bin to safetensors"
cp -r "$folder/good" "$folder/pointer"
printf '%s' "$pointer" >"$folder/pointer/model.safetensors"
refused pointer "expected a safetensors file at $folder/pointer/model.safetensors, found a Git LFS pointer"
cp -r "$folder/good" "$folder/page"
echo '<html>' >"$folder/page/config.json"
refused page "expected a JSON file at $folder/page/config.json, found a web page"
cp -r "$folder/good" "$folder/cut"
head -c 2000 "$folder/good/model.safetensors" >"$folder/cut/model.safetensors"
refused cut "the file is damaged"

make_model spoilt model.layers.1.mlp.down_proj
refused_weight="expected weights that are numbers in $folder/spoilt, found NaN or infinity in row 0 of \
'model.layers.1.mlp.down_proj.weight'; fetch the model again, or leave layer 1 out"
run 1 forward --tokens 1 --model "$folder/spoilt" --logits "$folder/l.npy" && complains "$refused_weight"
run 1 score --requests "$folder/r.jsonl" --plan 0..1 --model "$folder/spoilt" --output "$folder/o.jsonl"
complains "$refused_weight"
[ ! -e "$folder/l.npy" ] && [ ! -e "$folder/o.jsonl" ] || failed "expected nothing to be written"
run 0 score --requests "$folder/r.jsonl" --plan 0 --model "$folder/spoilt"

# Names in files cannot make more lines of a sentence.
cp -r "$folder/good" "$folder/named"
mv "$folder/named/model.safetensors" "$folder/named/shard.safetensors"
echo '{"weight_map": {"x": "two\nlines.safetensors"}}' >"$folder/named/model.safetensors.index.json"
refused named "found no two lines.safetensors; fetch it"

# Files beside the model.
run 1 score --requests "$folder/pointer.gguf" --plan 0..1 --model "$folder/good" && complains "found a Git LFS pointer"
printf 'PAR1\025' >"$folder/lines.parquet"
run 1 score --requests "$folder/lines.parquet" --plan 0..1 --model "$folder/good" &&
  complains "found a Parquet file; convert it to JSON lines"
for name in tokenizer.json tokenizer.model vocab.txt; do
  printf '%s' "$pointer" >"$folder/$name"
  run 1 tokenize --model "$folder/$name" a && complains "$folder/$name, found a Git LFS pointer"
done
finish
