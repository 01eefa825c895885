#include <painters/formats/gguf.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/gguf_writer.hpp"
#include "support/message.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::ContainsSubstring;
using formats::Gguf;
using support::GgufBytes;
using support::GgufWriter;
using support::message;

namespace {

std::string message_of(const support::TemporaryFolder& folder, const std::string& bytes) {
  try {
    Gguf::open(folder.write("m.gguf", bytes));
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

/// A file's beginning: magic, version, numbers of tensors and of metadata entries.
GgufBytes head(std::uint64_t tensors, std::uint64_t entries, std::uint32_t version = 3) {
  GgufBytes bytes;
  bytes.raw("GGUF").number(version).number(tensors).number(entries);
  return bytes;
}

GgufBytes tensor_header(const std::string& name, const std::vector<std::uint64_t>& shape,
                        std::uint32_t type, std::uint64_t offset) {
  GgufBytes bytes;
  bytes.string(name).number(static_cast<std::uint32_t>(shape.size()));
  for (const std::uint64_t n : shape) bytes.number(n);
  bytes.number(type).number(offset);
  return bytes;
}

}  // namespace

TEST_CASE("metadata of every type comes back", "[formats][gguf]") {
  const support::TemporaryFolder folder;
  using Nested = std::vector<std::vector<std::string>>;
  GgufWriter()
      .metadata("u8", std::uint8_t{200})
      .metadata("i8", std::int8_t{-100})
      .metadata("u16", std::uint16_t{60000})
      .metadata("i16", std::int16_t{-30000})
      .metadata("u32", std::uint32_t{4000000000})
      .metadata("i32", std::int32_t{-2000000000})
      .metadata("u64", std::numeric_limits<std::uint64_t>::max())
      .metadata("i64", std::numeric_limits<std::int64_t>::min())
      .metadata("f32", 1.5f)
      .metadata("f64", 1e300)
      .metadata("bool", true)
      .metadata("text", std::string("Gänse"))
      .metadata("numbers", std::vector<std::int32_t>{1, -2, 3})
      .metadata("texts", std::vector<std::string>{"a", "", "c"})
      .metadata("nested", Nested{{"a", "b"}, {}, {"c"}})
      .metadata("empty", std::vector<float>{})
      .write(folder.path() / "m.gguf");
  const Gguf file = Gguf::open(folder.path() / "m.gguf");
  CHECK(file.metadata<int>("u8") == 200);
  CHECK(file.metadata<int>("i8") == -100);
  CHECK(file.metadata<unsigned>("u16") == 60000);
  CHECK(file.metadata<int>("i16") == -30000);
  CHECK(file.metadata<std::size_t>("u32") == 4000000000);
  CHECK(file.metadata<int>("i32") == -2000000000);
  CHECK(file.metadata<std::uint64_t>("u64") == std::numeric_limits<std::uint64_t>::max());
  CHECK(file.metadata<std::int64_t>("i64") == std::numeric_limits<std::int64_t>::min());
  CHECK(file.metadata<double>("f32") == 1.5);
  CHECK(file.metadata<double>("f64") == 1e300);
  CHECK(file.metadata<bool>("bool"));
  CHECK(file.metadata<std::string>("text") == "Gänse");
  CHECK(file.metadata<std::vector<long>>("numbers") == std::vector<long>{1, -2, 3});
  CHECK(file.metadata<std::vector<std::string>>("texts") == std::vector<std::string>{"a", "", "c"});
  CHECK(file.metadata<Nested>("nested") == Nested{{"a", "b"}, {}, {"c"}});
  CHECK(file.metadata<std::vector<float>>("empty").empty());
  CHECK(file.find_metadata<int>("none") == std::nullopt);
  CHECK(file.all_metadata().size() == 16);

  CHECK(message([&] { file.metadata<int>("none"); }).find("'none'") != std::string::npos);
  CHECK(message([&] { file.metadata<int>("u32"); }).find("uint32 4000000000") != std::string::npos);
  CHECK(message([&] { file.metadata<unsigned>("i8"); }).find("int8 -100") != std::string::npos);
  CHECK(message([&] { file.find_metadata<std::string>("f32"); }).find("a string, found float32") !=
        std::string::npos);
  CHECK(message([&] { file.metadata<float>("u8"); }).find("floating-point") != std::string::npos);
  CHECK(message([&] { file.metadata<std::vector<int>>("texts"); }).find("array of string") !=
        std::string::npos);
  CHECK(message([&] { file.metadata<bool>("u8"); }).find("a bool") != std::string::npos);
}

TEST_CASE("tensors come back with their shape and bytes", "[formats][gguf]") {
  const support::TemporaryFolder folder;
  const std::vector<float> numbers{1, 2, 3, 4, 5, 6};
  GgufWriter()
      .tensor("norm", {3}, std::vector<float>{7, 8, 9})
      .tensor("matrix", {2, 3}, numbers)
      .tensor("blocks", GgufWriter::q4_1, {2, 64}, std::string(80, '\1'))
      .tensor("future", 99, {5, 7}, "?")
      .tensor("iq", 16, {1, 256}, std::string(66, '\0'))
      .write(folder.path() / "m.gguf");
  Gguf opened = Gguf::open(folder.path() / "m.gguf");
  const Gguf file = std::move(opened);  // the bytes stay where they are
  CHECK(file.tensors().size() == 5);
  CHECK(file.tensor("matrix").shape == std::vector<std::size_t>{2, 3});
  const tensor::Weight w = file.tensor("matrix").weight(2, 3);
  CHECK(w.rows == 2);
  CHECK(w.cols == 3);
  CHECK(std::memcmp(w.bytes, numbers.data(), 24) == 0);
  CHECK(file.tensor("norm").weight(1, 3).type == tensor::ElementType::f32);
  CHECK(file.tensor("blocks").weight(2, 64).row_bytes() == 40);
  CHECK(file.find_tensor("none") == nullptr);
  CHECK(message([&] { file.tensor("none"); }).find("'none'") != std::string::npos);
  CHECK(message([&] { file.tensor("matrix").weight(3, 2); }).find("[3, 2], found [2, 3]") !=
        std::string::npos);
  CHECK(message([&] { file.tensor("norm").weight(1, 4); }).find("[4], found [3]") !=
        std::string::npos);
  CHECK(message([&] { file.tensor("future").weight(5, 7); }).find("ggml type 99") !=
        std::string::npos);
  CHECK_THROWS_WITH(file.tensor("iq").weight(1, 256),
                    "expected tensor 'iq' in one of the types F32, F16, BF16, Q8_0, Q4_0, Q4_1, "
                    "Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, found IQ2_XXS; "
                    "convert the model to one of these");
}

TEST_CASE("tensors of every type are whole blocks within the file", "[formats][gguf]") {
  const support::TemporaryFolder folder;
  for (const tensor::ElementType type : tensor::element_types) {
    const tensor::ElementTraits t = tensor::traits(type);
    CAPTURE(t.name);
    const std::size_t cols = 2 * t.block_elements, bytes = 3 * 2 * t.block_bytes;
    const auto file = [&](std::uint64_t inner, std::size_t data) {
      std::string all =
          head(1, 0)
              .raw(tensor_header("t", {inner, 3}, GgufWriter::number(type), 0).bytes())
              .bytes();
      all.resize((all.size() + 31) / 32 * 32);
      return all + std::string(data, '\1');
    };
    const Gguf opened = Gguf::open(folder.write("m.gguf", file(cols, bytes)));
    const formats::StoredTensor& stored = opened.tensor("t");
    CHECK(stored.type == type);
    CHECK(stored.type_name == t.name);
    CHECK(stored.bytes.size() == bytes);
    CHECK(stored.weight(3, cols).row_bytes() == 2 * t.block_bytes);
    CHECK_THAT(message_of(folder, file(cols, bytes - 1)),
               ContainsSubstring("of shape [3, " + std::to_string(cols) + "] and type " +
                                 std::string(t.name) + " within the file"));
    if (t.block_elements == 1) continue;
    CHECK_THAT(
        message_of(folder, file(cols + t.block_elements / 2, 2 * bytes)),
        ContainsSubstring("rows of 't' in whole blocks of " + std::to_string(t.block_elements) +
                          ", as " + std::string(t.name) + " has them") &&
            ContainsSubstring("rows of " + std::to_string(cols + t.block_elements / 2)));
  }
}

TEST_CASE("a file that contradicts itself is refused with the reason", "[formats][gguf]") {
  const support::TemporaryFolder folder;
  const auto says = [&](const std::string& bytes, const std::string& words) {
    const std::string text = message_of(folder, bytes);
    INFO(text);
    CHECK(text.find(words) != std::string::npos);
  };
  const std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();
  says("", "an empty file");
  says("GGML" + std::string(100, '\0'), "magic");
  says(head(0, 0, 1).bytes(), "version 1");
  says(head(0, 0, 0x03000000).bytes(), "big-endian");
  says(head(huge, 0).bytes(), "tensors");
  says(head(0, huge).bytes(), "end of the file");
  says(head(0, 1).number(huge).bytes(), "metadata key");
  says(head(0, 1).string("k").number(std::uint32_t{13}).bytes(), "type of metadata");
  says(head(0, 1).string("k").number(std::uint32_t{8}).number(huge).bytes(), "end of the file");
  for (const std::uint32_t element : {0u, 7u, 8u, 9u, 10u})
    says(head(0, 1).string("k").number(std::uint32_t{9}).number(element).number(huge / 8).bytes(),
         "end of the file");
  GgufBytes bomb = head(0, 1);
  bomb.string("k").number(std::uint32_t{9});
  for (int i = 0; i < 100000; ++i) bomb.number(std::uint32_t{9}).number(std::uint64_t{1});
  says(bomb.bytes(), "nested");
  says(GgufWriter().metadata("k", 1).metadata("k", 2).bytes(), "'k' twice");
  says(GgufWriter()
           .tensor("t", {1}, std::vector<float>{1})
           .tensor("t", {1}, std::vector<float>{1})
           .bytes(),
       "'t' twice");
  for (const std::uint32_t alignment : {0u, 24u})
    says(GgufWriter().metadata("general.alignment", alignment).bytes(), "power of two");

  const auto one = [&](const std::vector<std::uint64_t>& shape, std::uint32_t type,
                       std::uint64_t offset) {
    return head(1, 0).raw(tensor_header("t", shape, type, offset).bytes()).bytes() +
           std::string(200, '\0');
  };
  CHECK(message_of(folder, one({4, 4}, 0, 0)).empty());
  CHECK(message_of(folder, one({}, 0, 0)).empty());
  says(one({4, 4}, 0, 16), "multiple of 32");
  says(one({4, 4}, 0, 1024), "within the file");
  says(one({4, 4}, 0, huge - 31), "within the file");
  says(one({1 << 20, 1 << 20}, 0, 0), "[1048576, 1048576]");
  says(one({huge, huge}, 0, 0), "within the file");
  says(one({std::uint64_t{1} << 62, 4}, 0, 0), "within the file");
  says(one({4, std::uint64_t{1} << 62}, 0, 0), "within the file");
  says(one({33}, 8, 0), "whole blocks");
  says(one({1, 1, 1, 1, 1}, 0, 0), "4 dimensions");
  CHECK(message([&] { Gguf::open(folder.path() / "none.gguf"); }).find("none.gguf") !=
        std::string::npos);
  CHECK(message([&] { Gguf::open(folder.path()); }).find("regular") != std::string::npos);
}
