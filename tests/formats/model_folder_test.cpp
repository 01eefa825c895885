#include <painters/formats/model_folder.hpp>

#include <filesystem>
#include <string>

#include "support/catch.hpp"
#include "support/message.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using Catch::Matchers::Equals;
using support::message;
namespace fs = std::filesystem;

namespace {

struct Folder : support::TemporaryFolder {
  void add(const fs::path& file) const {
    fs::create_directories((path() / file).parent_path());
    write(file.string(), "{}");
  }
  std::string at(const std::string& below) const { return (path() / below).string(); }
};

}  // namespace

TEST_CASE("a folder without config.json says what it has", "[formats][model_folder]") {
  const Folder folder;
  const auto says = [&](const std::string& found) {
    CHECK_THAT(message([&] { formats::read_model_config(folder.path()); }),
               Equals("expected config.json in the folder " + folder.path().string() + ", found " +
                      found));
  };
  says("nothing in it; fetch the model's config.json beside its weights");
  folder.add("model.safetensors");
  says("model.safetensors; fetch the model's config.json beside its weights");
  folder.add("snapshots/abc/config.json");
  says("model.safetensors, snapshots/; give " + folder.at("snapshots/abc") + ", which has one");
  folder.add("m.gguf");
  says("m.gguf, model.safetensors, snapshots/; give " + folder.at("m.gguf") + ", the file itself");
  for (const char* name : {"a", "b", "c", "d", "e"}) folder.add(name);
  says("a, b, c, d, e, m.gguf and 2 more; give " + folder.at("m.gguf") + ", the file itself");
  folder.add("config.json");
  CHECK(formats::read_model_config(folder.path()).value().empty());
}

TEST_CASE("a folder without safetensors says what it has", "[formats][model_folder]") {
  const Folder folder;
  const auto says = [&](const std::string& found) {
    CHECK_THAT(message([&] { formats::safetensors_in(folder.path()); }),
               Equals("expected model.safetensors or model.safetensors.index.json in the folder " +
                      folder.path().string() + ", found " + found));
  };
  says("nothing in it; fetch the model's weights");
  folder.add("config.json");
  says("config.json; fetch the model's weights");
  folder.add("pytorch_model.bin");
  says("config.json, pytorch_model.bin; convert the weights in pytorch_model.bin to safetensors");
  folder.add("model-00001-of-00002.safetensors");
  says(
      "config.json, model-00001-of-00002.safetensors, pytorch_model.bin; fetch the index that says "
      "what is in model-00001-of-00002.safetensors");
  folder.add("model.safetensors.index.json");
  CHECK(formats::safetensors_in(folder.path()) == folder.at("model.safetensors.index.json"));
  folder.add("model.safetensors");
  CHECK(formats::safetensors_in(folder.path()) == folder.at("model.safetensors"));
}
