#include <painters/formats/safetensors.hpp>

#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <painters/tensor/dequantize.hpp>

#include "support/catch.hpp"
#include "support/message.hpp"
#include "support/safetensors_writer.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using formats::Safetensors;
using support::message;
using support::SafetensorsWriter;

TEST_CASE("tensors of a safetensors file come back", "[formats][safetensors]") {
  const support::TemporaryFolder folder;
  const std::vector<float> numbers{1, 2, 3, 4, 5, 6};
  SafetensorsWriter()
      .tensor("matrix", {2, 3}, numbers)
      .tensor("half", "F16", {4}, std::string(8, '\1'))
      .tensor("brain", "BF16", {2, 1}, std::string(4, '\2'))
      .tensor("ids", "I64", {1, 2}, std::string(16, '\3'))
      .tensor("none", "F32", {0, 5}, "")
      .write(folder.path() / "model.safetensors");
  const Safetensors file = Safetensors::open(folder.path());
  CHECK(file.tensors().size() == 5);
  CHECK(std::memcmp(file.tensor("matrix").weight(2, 3).bytes, numbers.data(), 24) == 0);
  CHECK(file.tensor("half").weight(1, 4).type == tensor::ElementType::f16);
  CHECK(file.tensor("brain").weight(2, 1).type == tensor::ElementType::bf16);
  CHECK(file.find_tensor("x") == nullptr);
  CHECK(message([&] { file.tensor("ids").weight(1, 2); }).find("I64") != std::string::npos);
  CHECK(message([&] { file.tensor("x"); }).find("'x'") != std::string::npos);
}

TEST_CASE("shards are found through their index", "[formats][safetensors]") {
  const support::TemporaryFolder folder;
  SafetensorsWriter()
      .tensor("a", {1}, std::vector<float>{1})
      .write(folder.path() / "m-1.safetensors");
  SafetensorsWriter()
      .tensor("b", {1}, std::vector<float>{2})
      .write(folder.path() / "m-2.safetensors");
  const auto index = [&](const std::string& map) {
    folder.write("model.safetensors.index.json", R"({"metadata":{},"weight_map":)" + map + "}");
    return Safetensors::open(folder.path()).tensors().size();
  };
  CHECK(index(R"({"a":"m-1.safetensors","b":"m-2.safetensors"})") == 2);
  CHECK(index(R"({"a":"m-1.safetensors","b":"m-1.safetensors"})") == 1);  // until b is needed
  CHECK(message([&] { (void)Safetensors::open(folder.path()).tensor("b"); }).find("'b'") !=
        std::string::npos);
  CHECK(message([&] { index(R"({"a":"m-3.safetensors"})"); }).find("m-3.safetensors") !=
        std::string::npos);
  CHECK(message([&] { index(R"({"a":"../m-1.safetensors"})"); }).find("beside it") !=
        std::string::npos);
  CHECK(message([&] { index(R"({"a":1})"); }).find("\"a\"") != std::string::npos);
  SafetensorsWriter()
      .tensor("a", {1}, std::vector<float>{2})
      .write(folder.path() / "m-2.safetensors");
  CHECK(index(R"({"a":"m-1.safetensors","b":"m-2.safetensors"})") == 1);
  const Safetensors file = Safetensors::open(folder.path());
  CHECK(tensor::dequantize({file.tensor("a").weight(1, 1)}).data()[0] == 1);  // of m-1
}

TEST_CASE("the faults that a download in shards can have are told apart",
          "[formats][safetensors]") {
  const support::TemporaryFolder folder;
  const auto write = [&](const char* shard, const std::vector<const char*>& names,
                         float first = 1) {
    SafetensorsWriter writer;
    for (const char* name : names) writer.tensor(name, {2}, std::vector<float>{first, 2});
    writer.write(folder.path() / shard);
    return writer.bytes();
  };
  const auto says = [&](const std::string& map, const std::vector<std::string>& words) {
    folder.write("model.safetensors.index.json", R"({"weight_map":)" + map + "}");
    const std::string text = message([&] { Safetensors::open(folder.path()); });
    INFO(text);
    for (const std::string& word : words) CHECK(text.find(word) != std::string::npos);
  };
  const std::string map = R"({"a":"m-1.safetensors","b":"m-1.safetensors","c":"m-2.safetensors"})";
  write("m-1.safetensors", {"a", "b"});
  says(map, {"found no m-2.safetensors", "model.safetensors.index.json", "fetch it"});

  const std::string whole = write("m-2.safetensors", {"c"});
  folder.write("model.safetensors.index.json", R"({"weight_map":)" + map + "}");
  const Safetensors file = Safetensors::open(folder.path());
  CHECK(file.tensors().size() == 3);
  CHECK(file.find_tensor("c")->bytes.size() == 8);
  for (std::size_t left = 0; left < whole.size(); ++left) {  // cut anywhere
    CAPTURE(left);
    folder.write("cut.safetensors", std::string_view(whole).substr(0, left));
    CHECK(message([&] {
            Safetensors::open(folder.path() / "cut.safetensors");
          }).find("cut.safetensors") != std::string::npos);
  }
  folder.write("m-2.safetensors", std::string_view(whole).substr(0, whole.size() - 1));
  says(map, {"m-2.safetensors", "'c'", "fetch it again"});

  // What the index names and its shard lacks is missed when it is needed, no earlier: transformers
  // loads such files where the model does without (huggingface_hub #4725).
  folder.write("model.safetensors.index.json", R"({"weight_map":)" + map + "}");
  write("m-2.safetensors", {"d"});
  const Safetensors lacks_c = Safetensors::open(folder.path());
  CHECK(lacks_c.find_tensor("c") == nullptr);
  CHECK(lacks_c.tensor("a").name == "a");
  const std::string missed = message([&] { (void)lacks_c.tensor("c"); });
  for (const char* word : {"'c'", "m-2.safetensors", "found none"})
    CHECK(missed.find(word) != std::string::npos);

  // Of a tensor in two shards, that of the index counts (vllm #54230).
  write("m-1.safetensors", {"a", "b"}, 7);
  write("m-2.safetensors", {"b", "c"}, 8);
  const Safetensors twice = Safetensors::open(folder.path());
  CHECK(twice.tensors().size() == 3);
  CHECK(tensor::dequantize({twice.tensor("b").weight(1, 2)}).data()[0] == 7);
  CHECK(tensor::dequantize({twice.tensor("c").weight(1, 2)}).data()[0] == 8);
  write("m-1.safetensors", {"a"});
  CHECK(Safetensors::open(folder.path()).find_tensor("b") == nullptr);  // the index says m-1
  says("{}", {"weight_map", "found none"});
  says(R"(["m-1.safetensors"])", {"weight_map"});
  says(R"({"a":"sub/m-1.safetensors"})", {"beside it"});
  folder.write("model.safetensors.index.json", "{}");
  CHECK(message([&] { Safetensors::open(folder.path()); }).find("weight_map") != std::string::npos);
  folder.write("model.safetensors.index.json", R"({"weight_map":{"a":"m-1.saf)");
  CHECK(message([&] { Safetensors::open(folder.path()); }).find("index.json") != std::string::npos);
}

TEST_CASE("a header that contradicts the file is refused with the reason",
          "[formats][safetensors]") {
  const support::TemporaryFolder folder;
  const auto says = [&](const std::string& bytes, const std::string& words) {
    const std::string text =
        message([&] { Safetensors::open(folder.write("m.safetensors", bytes)); });
    INFO(text);
    CHECK(text.find(words) != std::string::npos);
  };
  const auto with = [](const std::string& entry, std::size_t data) {
    return SafetensorsWriter::file("{\"t\":{" + entry + "}}", std::string(data, '\0'));
  };
  CHECK_NOTHROW(Safetensors::open(
      folder.write("m.safetensors", with(R"("dtype":"F32","shape":[2],"data_offsets":[0,8])", 8))));
  says("abc", "3 bytes");
  says(std::string(8, '\xff') + "{}", "within the file");
  says(SafetensorsWriter::file("[]", ""), "JSON object");
  says(SafetensorsWriter::file("{\"t\":", ""), "JSON");
  says(SafetensorsWriter::file(std::string(1000000, '['), ""), "64 deep");
  says(SafetensorsWriter::file(R"({"t":{},"t":{}})", ""), "twice");
  says(with(R"("shape":[2],"data_offsets":[0,8])", 8), "dtype");
  says(with(R"("dtype":"F32","data_offsets":[0,8])", 8), "shape");
  says(with(R"("dtype":"F32","shape":[-2],"data_offsets":[0,8])", 8), "from 0");
  says(with(R"("dtype":"F32","shape":[2.5],"data_offsets":[0,8])", 8), "2.5");
  says(with(R"("dtype":"F32","shape":[2],"data_offsets":[0,9])", 8), "[0,9]");
  says(with(R"("dtype":"F32","shape":[2],"data_offsets":[8,0])", 8), "[8,0]");
  says(with(R"("dtype":"F32","shape":[2],"data_offsets":[0])", 8), "data_offsets");
  says(with(R"("dtype":"F32","shape":[2],"data_offsets":[0,1e30])", 8), "data_offsets");
  says(with(R"("dtype":"F32","shape":[3],"data_offsets":[0,8])", 8), "8 bytes");
  says(with(R"("dtype":"F32","shape":[4611686018427387905,2],"data_offsets":[0,8])", 8), "8 bytes");
  says(with(R"("dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0])", 0), "0 bytes");
  says(with(R"("dtype":"F32","shape":[2],"data_offsets":[0,8])", 9), "belong to none");
  says(with(R"("dtype":"F32","shape":[2],"data_offsets":[1,9])", 9), "gap");
  says(
      SafetensorsWriter::file(
          R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})",
          "abc"),
      "overlap");
}
