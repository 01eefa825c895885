// An index of shards, then byte 0, then the shard a.safetensors. Every byte of every tensor is
// read.
#include <cstddef>
#include <filesystem>

#include <painters/formats/safetensors.hpp>

#include "fuzz/support.hpp"

using namespace painters;

static void read(const std::filesystem::path& path) {
  try {
    const formats::Safetensors file = formats::Safetensors::open(path);
    for (const auto& [name, tensor] : file.tensors()) {
      std::size_t elements = 1;
      for (const std::size_t n : tensor.shape) elements *= n;  // cannot overflow: see require
      fuzz::require(!tensor.type || tensor.bytes.size() % (elements == 0 ? 1 : elements) == 0);
      volatile std::byte last{};
      for (const std::byte b : tensor.bytes) last = b;
      (void)last;
    }
  } catch (const Error&) {
  }
}

PAINTERS_FUZZ {
  const auto index = fuzz::file("model.safetensors.index.json", fuzz::part(input));
  read(fuzz::file("a.safetensors", input));
  read(index);
}
