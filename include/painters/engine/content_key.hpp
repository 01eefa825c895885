// Keys of content: equal files, requests and plans have the same key, wherever they are.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <xxhash.h>

#include <painters/engine/request.hpp>
#include <painters/error.hpp>

namespace painters::engine {

/// 128 bits of XXH3: different content does not get the same key by accident, but a key does not
/// protect against forgery.
struct ContentKey {
  std::uint64_t high = 0, low = 0;  // 64 bits each
  /// By `high`, then by `low`.
  friend auto operator<=>(const ContentKey&, const ContentKey&) = default;
};

/// The key of everything that is added, in order.
class KeyBuilder {
 public:
  /// Nothing has been added yet. Throws std::bad_alloc.
  KeyBuilder() : state_(XXH3_createState()) {
    if (!state_) throw std::bad_alloc();
    XXH3_128bits_reset(state_.get());
  }

  /// Adds these bytes, but not their number.
  void add(std::span<const std::byte> bytes) {
    XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
  }
  /// Adds the bytes of a number, as many as its type has.
  template <class Number>
  requires std::is_arithmetic_v<Number>
  void add(Number number) { add(std::as_bytes(std::span(&number, 1))); }
  /// Adds a key in place of the content that it stands for.
  void add(const ContentKey& key) {
    add(key.high);
    add(key.low);
  }

  /// The key of everything added so far; more can be added afterwards.
  ContentKey key() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(state_.get());
    return {hash.high64, hash.low64};
  }

 private:
  struct Free {
    void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
  };
  std::unique_ptr<XXH3_state_t, Free> state_;
};

/// The key of a request's tokens, which depends on where the context ends, too.
inline ContentKey key_of(const TokenRequest& request) {
  KeyBuilder builder;
  builder.add(std::uint64_t{request.context.size()});
  builder.add(std::as_bytes(std::span(request.context)));
  builder.add(std::as_bytes(std::span(request.continuation)));
  return builder.key();
}

/// 32 hexadecimal digits.
inline std::string to_hex(const ContentKey& key) {
  std::string digits(32, '0');
  for (std::size_t i = 0; i < 32; ++i)
    digits[i] = "0123456789abcdef"[(i < 16 ? key.high : key.low) >> (60 - 4 * (i % 16)) & 15];
  return digits;
}

/// Throws Error for a text that to_hex cannot have written.
inline ContentKey key_from_hex(std::string_view digits) {
  ContentKey key;
  if (digits.size() != 32) throw Error("expected a key of 32 hexadecimal digits");
  for (std::size_t i = 0; i < 32; ++i) {
    const std::size_t value = std::string_view("0123456789abcdef").find(digits[i]);
    if (value == std::string_view::npos) throw Error("expected a key of 32 hexadecimal digits");
    std::uint64_t& half = i < 16 ? key.high : key.low;
    half = half << 4 | value;
  }
  return key;
}

}  // namespace painters::engine
