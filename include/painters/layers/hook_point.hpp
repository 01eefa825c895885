// The places within a transformer block whose values hooks can read and change. TransformerLens's
// names, without "hook_" and the module before it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace painters::layers {

/// A row of the values is a token. "Heads": the columns belong to one head after the other.
enum class HookPoint : std::uint8_t {
  resid_pre,   // [tokens, hidden_size] the state before a call
  ln1,         // [tokens, hidden_size] what the norm of attention gives
  q,           // [tokens, num_attention_heads * head_dim] queries as projected: heads
  k,           // [tokens, num_key_value_heads * head_dim] keys as projected: heads
  v,           // [tokens, num_key_value_heads * head_dim] values: heads
  rot_q,       // queries as attention takes them, after QK-norm and rotary embedding: heads
  rot_k,       // keys likewise: heads
  pattern,     // [queries, num_attention_heads * keys] the weights of attention: heads
  z,           // [tokens, num_attention_heads * head_dim] before the output projection: heads
  attn_out,    // [tokens, hidden_size] what attention adds to the state
  resid_mid,   // [tokens, hidden_size] between attention and feed-forward, if one follows the other
  ln2,         // [tokens, hidden_size] what the norm of feed-forward gives
  pre,         // [tokens, intermediate_size] before the activation; of a gated network the gate
  pre_linear,  // [tokens, intermediate_size] what the gate is multiplied by, if there is a gate
  post,        // [tokens, intermediate_size] neurons: what the down projection takes
  mlp_out,     // [tokens, hidden_size] what feed-forward adds to the state
  resid_post   // [tokens, hidden_size] the state after a call
};

/// How they are called in text, in the order of the enumeration.
inline constexpr std::array<std::string_view, 17> hook_point_names{
    "resid_pre", "ln1",       "q",   "k",   "v",          "rot_q", "rot_k",   "pattern",   "z",
    "attn_out",  "resid_mid", "ln2", "pre", "pre_linear", "post",  "mlp_out", "resid_post"};

/// The name of a point.
constexpr std::string_view name(HookPoint point) {
  return hook_point_names[static_cast<std::size_t>(point)];
}

}  // namespace painters::layers
