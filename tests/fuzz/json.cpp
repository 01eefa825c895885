// A config.json: every field as every type, and as a model's; then byte 0 and the weights.
#include <cstdint>
#include <string>
#include <vector>

#include <painters/formats/json.hpp>

#include "fuzz/model.hpp"
#include "fuzz/support.hpp"

using namespace painters;

template <class T>
static void find(const formats::JsonObject& json, const std::string& key) {
  try {
    json.find<T>(key);
  } catch (const Error&) {
  }
}

PAINTERS_FUZZ {
  const auto path = fuzz::file("config.json", fuzz::part(input));
  fuzz::file("model.safetensors", input);
  const formats::JsonObject json = formats::read_json(path);
  for (const auto& [key, unused] : json.value().items()) {
    find<bool>(json, key);
    find<std::int8_t>(json, key);
    find<std::uint64_t>(json, key);
    find<float>(json, key);
    find<std::string>(json, key);
    find<std::vector<int>>(json, key);
    find<std::vector<std::vector<std::string>>>(json, key);
  }
  fuzz::use_model(path.parent_path());
}
