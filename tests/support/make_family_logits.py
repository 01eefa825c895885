#!/usr/bin/env python3
"""Makes tests/data/family_logits.json: small models of each family, whose weights follow from a formula, with the
logits that Hugging Face's transformers gives for them in double precision (pip install torch transformers==5.24.0).

Usage: make_family_logits.py > family_logits.json. Element i of tensor number t in the list "tensors" is k / 2048, k from
-1000 to 1000 as below; vectors called "weight", those of normalisations, have 1 added. "saved" is the config.json that
transformers itself writes for the model. "activations" are values within the second layer, of the last two tokens,
by the names of painters::layers::HookPoint.
"""
import json
import sys

import numpy
import torch
import transformers

SMALL = {"num_hidden_layers": 2, "hidden_size": 16, "intermediate_size": 24, "num_attention_heads": 4, "vocab_size": 12}
GROUPED = {**SMALL, "num_key_value_heads": 2}
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 14}
CONFIGS = [
    {"model_type": "llama", **GROUPED, "head_dim": 6, "attention_bias": True, "mlp_bias": True,
     "tie_word_embeddings": True},
    {"model_type": "llama", **GROUPED, "rope_theta": 100.0, "rope_scaling": LLAMA3},
    {"model_type": "llama", **GROUPED, "rope_parameters": {"rope_type": "linear", "factor": 3.0, "rope_theta": 500.0}},
    {"model_type": "mistral", **GROUPED, "sliding_window": 3},
    {"model_type": "qwen2", **GROUPED, "use_sliding_window": True, "sliding_window": 3, "max_window_layers": 1},
    {"model_type": "qwen3", **GROUPED, "head_dim": 6},
    {"model_type": "qwen3", **GROUPED, "head_dim": 6, "attention_bias": True, "use_sliding_window": True,
     "sliding_window": 2, "layer_types": ["sliding_attention", "full_attention"]},
    {"model_type": "gpt_neox", **SMALL, "hidden_size": 32},
    {"model_type": "gpt_neox", **SMALL, "use_parallel_residual": False, "rotary_pct": 0.5, "rotary_emb_base": 500},
    {"model_type": "gpt_neox", **SMALL, "attention_bias": False, "rotary_pct": 1.0, "hidden_act": "gelu_new"},
]
TOKENS = [3, 11, 0, 7, 7, 1, 10]


def element(tensor, shape, is_norm):
    x = (numpy.arange(numpy.prod(shape), dtype=numpy.uint64) * 2654435761 + tensor * 40503 + 1) % 2**32
    x ^= x >> numpy.uint64(16)
    x = x * 0x45D9F3B % 2**32
    x ^= x >> numpy.uint64(16)
    k = (x % 2001).astype(numpy.float64) - 1000
    return torch.from_numpy((k / 2048 + is_norm).reshape(shape))


def tensor_name(name, config):
    return name.replace("lm_head", "embed_out") if config["model_type"] == "gpt_neox" else name


def watch(model, seen):
    """Keeps what modules of the second layer take and give: seen[point] is [tokens, columns]."""
    is_neox = model.config.model_type == "gpt_neox"
    layer = model.gpt_neox.layers[1] if is_neox else model.model.layers[1]

    def given(module, point, pick=lambda x: x):
        module.register_forward_hook(lambda m, args, out: seen.update(
            {point: pick(out[0] if isinstance(out, tuple) else out)[0]}))

    def taken(module, point):
        module.register_forward_pre_hook(lambda m, args, kwargs: seen.update(
            {point: (args[0] if args else kwargs["hidden_states"])[0]}), with_kwargs=True)

    taken(layer, "resid_pre")
    given(layer, "resid_post")
    given(layer.input_layernorm, "ln1")
    given(layer.post_attention_layernorm, "ln2")
    if not getattr(model.config, "use_parallel_residual", False):
        taken(layer.post_attention_layernorm, "resid_mid")
    if is_neox:
        heads = model.config.num_attention_heads
        for i, point in enumerate("qkv"):
            given(layer.attention.query_key_value, point,
                  lambda x, i=i: x.view(*x.shape[:2], heads, 3, -1)[..., i, :].flatten(2))
        output, up, down = layer.attention.dense, layer.mlp.dense_h_to_4h, layer.mlp.dense_4h_to_h
        given(up, "pre")
    else:
        for point in "qkv":
            given(getattr(layer.self_attn, point + "_proj"), point)
        output, down = layer.self_attn.o_proj, layer.mlp.down_proj
        given(layer.mlp.gate_proj, "pre")
        given(layer.mlp.up_proj, "pre_linear")
    taken(output, "z")
    given(output, "attn_out")
    taken(down, "post")
    given(down, "mlp_out")

    source = sys.modules[type(model).__module__]  # where attention looks for the function that it calls
    attend = source.eager_attention_forward

    def watched(module, query, key, value, *args, **kwargs):
        output, weights = attend(module, query, key, value, *args, **kwargs)
        if module.layer_idx == 1:
            for point, x in (("rot_q", query), ("rot_k", key), ("pattern", weights)):
                seen[point] = x[0].transpose(0, 1).flatten(1)
        return output, weights

    source.eager_attention_forward = watched
    return lambda: setattr(source, "eager_attention_forward", attend)


def run(config):
    rest = {key: value for key, value in config.items() if key != "model_type"}
    hugging_face = transformers.AutoConfig.for_model(config["model_type"], **json.loads(json.dumps(rest)))
    model = transformers.AutoModelForCausalLM.from_config(hugging_face, attn_implementation="eager").double().eval()
    parameters = [(name, p) for name, p in model.named_parameters()]  # a tied head is not among them
    tensors, seen = [], {}
    with torch.no_grad():
        for t, (name, p) in enumerate(parameters):
            p.copy_(element(t, tuple(p.shape), p.dim() == 1 and name.endswith("weight")))
            tensors.append([tensor_name(name, config), list(p.shape)])
        saved = json.loads(hugging_face.to_json_string())
        stop = watch(model, seen)
        result = model(torch.tensor([TOKENS])).logits[0]
        stop()
        return tensors, saved, result, {point: x[-2:] for point, x in seen.items()}


def numbers(rows):
    return [[float(f"{value:.7g}") for value in row] for row in rows.tolist()]


models = []
for config in CONFIGS:
    tensors, saved, result, activations = run(config)
    models.append({"config": config, "saved": saved, "tensors": tensors, "tokens": TOKENS, "logits": numbers(result),
                   "activations": {point: numbers(rows) for point, rows in activations.items()}})
print("[" + ",\n".join(json.dumps(model, separators=(",", ":")) for model in models) + "]")
