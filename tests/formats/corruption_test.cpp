// Damaged model files: whatever the damage, opening and reading ends in an Error or in values that
// are there.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <painters/formats/gguf.hpp>
#include <painters/formats/safetensors.hpp>

#include "support/catch.hpp"
#include "support/gguf_writer.hpp"
#include "support/safetensors_writer.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;

namespace {

/// Touches every byte of every tensor, so that a bad range shows.
std::size_t touch(const formats::TensorTable::Map& tensors) {
  std::size_t sum = 0;
  for (const auto& [name, tensor] : tensors)
    for (const std::byte b : tensor.bytes) sum += static_cast<std::size_t>(b);
  return sum;
}

void read_gguf(const std::filesystem::path& path) {
  const formats::Gguf file = formats::Gguf::open(path);
  touch(file.tensors());
  for (const auto& [key, value] : file.all_metadata()) {
    (void)formats::gguf_found(value);
    (void)formats::gguf_as<bool>(value);
    (void)formats::gguf_as<std::int8_t>(value);
    (void)formats::gguf_as<float>(value);
    (void)formats::gguf_as<std::string>(value);
    (void)formats::gguf_as<std::vector<int>>(value);
    (void)formats::gguf_as<std::vector<std::vector<std::string>>>(value);
  }
}
void read_safetensors(const std::filesystem::path& path) {
  touch(formats::Safetensors::open(path).tensors());
}

enum class Outcome { read, refused };

template <class Read>
Outcome outcome(Read read, const std::filesystem::path& path) {
  try {
    read(path);
    return Outcome::read;
  } catch (const Error&) {
    return Outcome::refused;
  }
}

/// Two thousand copies with a few bytes changed: only Error may come out.
template <class Read>
void flip_bytes(const std::string& good, Read read) {
  const support::TemporaryFolder folder;
  std::mt19937 random(7);
  std::size_t refused = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string bad = good;
    for (unsigned n = 1 + random() % 3; n > 0; --n) {
      constexpr unsigned char edges[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
      const unsigned value = random() % 2 ? edges[random() % 5] : random() % 256;
      bad[random() % bad.size()] = static_cast<char>(value);
    }
    refused += outcome(read, folder.write("bad", bad)) == Outcome::refused;
  }
  CHECK(refused > 300);
}

std::string small_gguf() {
  return support::GgufWriter()
      .metadata("a", std::uint32_t{3})
      .metadata("b", std::string("text"))
      .metadata("c", std::vector<std::string>{"x", "yz"})
      .metadata("d", std::vector<std::vector<std::int32_t>>{{1, 2}, {3}})
      .tensor("w", support::GgufWriter::q4_1, {2, 32}, std::string(40, '\5'))
      .tensor("v", {3}, std::vector<float>{1, 2, 3})
      .bytes();
}
std::string small_safetensors() {
  return support::SafetensorsWriter()
      .tensor("w", {2, 2}, std::vector<float>{1, 2, 3, 4})
      .tensor("v", "BF16", {3}, std::string(6, '\1'))
      .bytes();
}

}  // namespace

TEST_CASE("a GGUF file cut short anywhere is refused", "[formats][gguf][corruption]") {
  const support::TemporaryFolder folder;
  const std::string good = small_gguf();
  REQUIRE(outcome(read_gguf, folder.write("good", good)) == Outcome::read);
  const std::size_t padding = 20;  // after the last tensor's 12 bytes
  for (std::size_t length = 0; length < good.size() - padding; ++length) {
    INFO(length);
    CHECK(outcome(read_gguf, folder.write("bad", good.substr(0, length))) == Outcome::refused);
  }
}

TEST_CASE("a safetensors file cut short anywhere is refused",
          "[formats][safetensors][corruption]") {
  const support::TemporaryFolder folder;
  const std::string good = small_safetensors();
  REQUIRE(outcome(read_safetensors, folder.write("good", good)) == Outcome::read);
  for (std::size_t length = 0; length < good.size(); ++length) {
    INFO(length);
    CHECK(outcome(read_safetensors, folder.write("bad", good.substr(0, length))) ==
          Outcome::refused);
  }
}

TEST_CASE("changed bytes end in an error or in a valid GGUF file", "[formats][gguf][corruption]") {
  flip_bytes(small_gguf(), read_gguf);
}
TEST_CASE("changed bytes end in an error or in a valid safetensors file",
          "[formats][safetensors][corruption]") {
  flip_bytes(small_safetensors(), read_safetensors);
}

TEST_CASE("random bytes after a valid beginning are refused", "[formats][gguf][corruption]") {
  const support::TemporaryFolder folder;
  std::mt19937 random(11);
  for (int i = 0; i < 500; ++i) {
    std::string noise(200, '\0');
    for (char& c : noise) c = static_cast<char>(random() % 4 ? 0 : random());
    support::GgufBytes head;
    head.raw("GGUF")
        .number(std::uint32_t{3})
        .number(std::uint64_t{1 + random() % 2})
        .number(std::uint64_t{random() % 3});
    outcome(read_gguf, folder.write("bad", head.bytes() + noise));
    outcome(read_safetensors,
            folder.write("bad", support::SafetensorsWriter::file(noise.substr(0, 50), noise)));
  }
}
