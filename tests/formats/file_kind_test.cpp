#include <painters/formats/file_kind.hpp>

#include <string>

#include <painters/formats/gguf.hpp>
#include <painters/formats/json.hpp>
#include <painters/formats/jsonl.hpp>
#include <painters/formats/safetensors.hpp>

#include "support/catch.hpp"
#include "support/gguf_writer.hpp"
#include "support/message.hpp"
#include "support/safetensors_writer.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using namespace std::string_literals;
using Catch::Matchers::Equals;
using support::message;

namespace {

const std::string pointer =
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:0123456789012345678901234567890123456789012345678901234567890123\nsize 91739520\n";

}  // namespace

TEST_CASE("a file that is taken for a model is refused as what it is", "[formats][file_kind]") {
  const support::TemporaryFolder folder;
  struct Case {
    std::string bytes, found;
  };
  const std::string web =
      "a web page; the address of the download is wrong or asks for a login: fetch the file again";
  for (const Case& one : {
           Case{"", "an empty file; fetch it again"},
           Case{pointer,
                "a Git LFS pointer, which only names the file; fetch the file itself with "
                "git lfs pull"},
           Case{"<!DOCTYPE html>\n<html>", web},
           Case{"\r\n <!doctype HTML>", web},
           Case{"<HTML lang=\"en\">", web},
           Case{"<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>", web},
           Case{"PK\3\4"s + std::string(30, '\0') + "model/data.pkl",
                "a PyTorch checkpoint; convert the model to safetensors"},
           Case{"\x80\2\x8a\nl\xfc\x9c\x46",
                "a PyTorch checkpoint; convert the model to safetensors"},
           Case{"PK\3\4"s + std::string(30, '\0') + "model.gguf", "a zip archive; unpack it"},
           Case{"\x1f\x8b\b", "a gzip archive; unpack it"},
           Case{"\xfd"
                "7zXZ",
                "an xz archive; unpack it"},
           Case{"\x28\xb5\x2f\xfd\1", "a zstd archive; unpack it"},
           Case{"tjgg\1", "a file of ggml before GGUF; convert the model again"},
           Case{"\x89HDF\r\n\x1a\n", "an HDF5 file; convert the model to safetensors"},
           Case{"PAR1\x15", "a Parquet file; convert it to JSON lines"},
       }) {
    const std::string &bytes = one.bytes, &found = one.found;
    INFO(found);
    const auto path = folder.write("model", bytes);
    const auto says = [&](const std::string& expected) {
      return Equals("expected " + expected + " at " + path.string() + ", found " + found);
    };
    CHECK_THAT(message([&] { formats::Gguf::open(path); }), says("a GGUF file"));
    CHECK_THAT(message([&] { formats::Safetensors::open(path); }), says("a safetensors file"));
    CHECK_THAT(message([&] { formats::read_json(path); }), says("a JSON file"));
    const bool first_line_says = !bytes.empty() && bytes.front() != '\r';
    if (first_line_says)
      CHECK_THAT(message([&] { formats::for_each_jsonl(path, [](const formats::JsonObject&) {}); }),
                 says("a JSON file"));
  }
}

TEST_CASE("the project's own formats are told apart", "[formats][file_kind]") {
  const support::TemporaryFolder folder;
  const auto gguf = folder.write("a", support::GgufWriter().metadata("a", true).bytes());
  const auto safetensors = folder.write(
      "b", support::SafetensorsWriter().tensor("w", {1}, std::vector<float>{1}).bytes());
  const auto json = folder.write("c", "\n{\"model_type\": \"llama\"}");
  CHECK_NOTHROW(formats::Gguf::open(gguf));
  CHECK_NOTHROW(formats::Safetensors::open(safetensors));
  CHECK_NOTHROW(formats::read_json(json));
  CHECK_THAT(message([&] { formats::Safetensors::open(gguf); }),
             Equals("expected a safetensors file at " + gguf.string() +
                    ", found a GGUF file; give this file itself as the model"));
  CHECK_THAT(message([&] { formats::Gguf::open(safetensors); }),
             Equals("expected a GGUF file at " + safetensors.string() +
                    ", found a safetensors file; give the folder that holds it and its "
                    "config.json"));
  CHECK_THAT(message([&] { formats::Gguf::open(json); }),
             Equals("expected a GGUF file at " + json.string() +
                    ", found a JSON file; give the folder that holds it, or a .gguf file"));
  CHECK(formats::file_kind("what is this") == std::nullopt);
  CHECK(formats::file_kind("[UNK]\n") == std::nullopt);
}
