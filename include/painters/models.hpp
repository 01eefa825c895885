// All parts behind painters/model.hpp: models on a backend, tokenizers, scoring, logits and states
// of many texts.
//
//   backend::Default backend;
//   const models::CausalLm model("SmolLM2-135M-Instruct.Q4_1.gguf", backend);
//   auto x = model.embed(tokens, tensor::single_sequence(tokens.size()));
//   run(plan, model.layers(), x);
//
// Link painters::models, or painters::model, which compiles what reads files once
// (painters/compiled_once.hpp). A program of one file then takes less than half as long to compile
// (g++ 12, -O2, oneDNN: 20 s instead of 45 on a busy machine). Of this, in s, oneDNN's header
// takes 1.2 and xsimd's 1.1; only where files are read do nlohmann's JSON take 2.3, fmt 1.0 and
// sentencepiece 0.7. Eigen (1.3) is for the reference backend alone, SQLiteCpp for
// engine/score_store.hpp, Boost for analysis/.
#pragma once

#include <painters/backend/default.hpp>
#include <painters/backend/on_host.hpp>
#include <painters/engine/encoding.hpp>
#include <painters/engine/logits.hpp>
#include <painters/engine/outputs.hpp>
#include <painters/engine/pass_handler.hpp>
#include <painters/engine/pass_work.hpp>
#include <painters/engine/progress.hpp>
#include <painters/engine/request.hpp>
#include <painters/engine/run_passes.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/engine/scores.hpp>
#include <painters/engine/text_outputs.hpp>
#include <painters/engine/top_logits.hpp>
#include <painters/error.hpp>
#include <painters/layers/activation_hooks.hpp>
#include <painters/layers/block_weights.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/hooked_calls.hpp>
#include <painters/layers/transformer_block.hpp>
#include <painters/models/bert.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/models/concepts.hpp>
#include <painters/models/edited.hpp>
#include <painters/models/model_tokenizer.hpp>
#include <painters/painters.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/npy.hpp>
#include <painters/tensor/packed_batch.hpp>
#include <painters/text/token.hpp>
#include <painters/text/tokenizer.hpp>
