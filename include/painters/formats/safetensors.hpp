// Weights in safetensors: one file, or shards named by model.safetensors.index.json, behind memory
// maps. Format: 8 bytes length of the header, the header in JSON ({name: {dtype, shape,
// data_offsets}}), the tensors without gaps. The reader trusts nothing: every length and offset is
// checked against the file.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/file_kind.hpp>
#include <painters/formats/json.hpp>
#include <painters/formats/mapped_file.hpp>
#include <painters/formats/model_folder.hpp>
#include <painters/formats/stored_tensor.hpp>

namespace painters::formats {

namespace detail {

struct SafetensorsType {
  std::string_view name;
  std::size_t bytes;
  std::optional<tensor::ElementType> type;
};
inline constexpr std::array<SafetensorsType, 14> safetensors_types{{
    {"F32", 4, tensor::ElementType::f32},
    {"F16", 2, tensor::ElementType::f16},
    {"BF16", 2, tensor::ElementType::bf16},
    {"F64", 8, {}},
    {"I64", 8, {}},
    {"U64", 8, {}},
    {"I32", 4, {}},
    {"U32", 4, {}},
    {"I16", 2, {}},
    {"U16", 2, {}},
    {"I8", 1, {}},
    {"U8", 1, {}},
    {"BOOL", 1, {}},
    {"F8_E4M3", 1, {}},
}};

}  // namespace detail

/// Open files. Tensors point into the maps and live as long as this object.
class Safetensors {
 public:
  /// `path`: a .safetensors file, an index (.json) beside its shards, or a folder that holds
  /// model.safetensors or model.safetensors.index.json. Throws Error if a file is missing or
  /// contradicts itself.
  static Safetensors open(const std::filesystem::path& path) {
    Safetensors result;
    result.path_ = path;
    std::filesystem::path file = path;
    if (std::filesystem::is_directory(path)) file = safetensors_in(path);
    if (file.extension() == ".json")
      result.add_shards(file);
    else
      result.add_file(file);
    return result;
  }

  const std::filesystem::path& path() const { return path_; }

  /// A tensor by name; throws Error (tensor) or gives nullptr (find_tensor) if there is none.
  const StoredTensor& tensor(std::string_view name) const {
    const auto missing = missing_.find(name);
    if (missing != missing_.end())
      throw Error("expected tensor '" + missing->first + "' in " + missing->second + " as " +
                  path_.string() +
                  " says, found none; index and shards are not of one model: fetch them again");
    return tensors_.at(name, path_.string());
  }
  /// Null if there is none.
  const StoredTensor* find_tensor(std::string_view name) const { return tensors_.find(name); }
  /// All of them, by name.
  const TensorTable::Map& tensors() const { return tensors_.all(); }

 private:
  Safetensors() = default;

  void add_shards(const std::filesystem::path& index) {
    const JsonObject map = read_json(index).object("weight_map");
    if (map.value().empty())
      throw Error("expected the names of tensors in the weight_map of " + index.string() +
                  ", found none; fetch it again");
    std::set<std::string> shards;
    for (const auto& [name, unused] : map.value().items())
      shards.insert(map.get<std::string>(name));
    for (const std::string& shard : shards) {
      if (shard.find('/') != std::string::npos || !shard.ends_with(".safetensors"))
        throw Error("expected names of .safetensors files beside it in " + index.string() +
                    ", found \"" + shard + "\"");
      if (!std::filesystem::exists(index.parent_path() / shard))
        throw Error("expected all shards that " + index.string() + " names beside it, found no " +
                    shard + "; fetch it");
      // Where a tensor is in several shards, that of the index counts. One that the index names
      // and its shard lacks is missed when it is needed, as transformers does it.
      add_file(index.parent_path() / shard, [&](const std::string& name) {
        const auto said = map.find<std::string>(name);
        return !said || *said == shard;
      });
    }
    for (const auto& [name, shard] : map.value().items())
      if (!find_tensor(name)) missing_.emplace(name, shard.get<std::string>());
  }

  /// `takes_tensor(name)`: whether a tensor of the file is one of the model's.
  void add_file(
      const std::filesystem::path& path,
      const std::function<bool(const std::string&)>& takes_tensor = [](const std::string&) {
        return true;
      }) {
    MappedFile file(path);
    refuse_other_kinds(file.bytes(), "a safetensors file", path);
    const auto fail = [&path](const std::string& expected, const std::string& found) {
      throw Error("expected " + expected + " in " + path.string() + ", found " + found +
                  "; the file is damaged or not a safetensors file: fetch it again");
    };
    const std::span<const std::byte> bytes = file.bytes();
    std::uint64_t header_size = 0;
    if (bytes.size() < sizeof header_size)
      fail("a header's length", std::to_string(bytes.size()) + " bytes");
    std::memcpy(&header_size, bytes.data(), sizeof header_size);
    if (header_size > bytes.size() - sizeof header_size)
      fail("a header within the file", "one of " + std::to_string(header_size) + " bytes");
    const auto* text = reinterpret_cast<const char*>(bytes.data()) + sizeof header_size;
    const std::size_t header_end = sizeof header_size + static_cast<std::size_t>(header_size);
    const JsonObject header = JsonObject::parse({text, static_cast<std::size_t>(header_size)},
                                                "the header of " + path.string());
    const std::span<const std::byte> data = bytes.subspan(header_end);

    std::vector<std::array<std::uint64_t, 2>> ranges;
    for (const auto& [name, unused] : header.value().items()) {
      if (name == "__metadata__") continue;
      const JsonObject entry = header.object(name);
      const auto dtype = entry.get<std::string>("dtype");
      const auto offsets = entry.get<std::vector<std::uint64_t>>("data_offsets");
      auto shape = entry.get<std::vector<std::size_t>>("shape");
      if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data.size())
        fail("data_offsets of '" + name + "' that lie within " + std::to_string(data.size()) +
                 " bytes",
             entry.get<nlohmann::json>("data_offsets").dump());
      const std::size_t size = static_cast<std::size_t>(offsets[1] - offsets[0]);
      const auto* known =
          std::ranges::find(detail::safetensors_types, dtype, &detail::SafetensorsType::name);
      if (known != detail::safetensors_types.end() && !takes(size, known->bytes, shape))
        fail("'" + name + "' of shape " + shape_text(shape) + " in " + dtype,
             std::to_string(size) + " bytes");
      ranges.push_back({offsets[0], offsets[1]});
      if (!takes_tensor(name)) continue;
      const auto type = known == detail::safetensors_types.end() ? std::nullopt : known->type;
      if (!tensors_.add({name, dtype, type, std::move(shape),
                         data.subspan(static_cast<std::size_t>(offsets[0]), size)}))
        fail("every tensor in one shard", "'" + name + "' in two");
    }
    std::ranges::sort(ranges);
    std::uint64_t end = 0;
    for (const auto& [first, last] : ranges) {
      if (first != end)
        fail("tensors that follow each other without gap or overlap",
             "a break at byte " + std::to_string(end));
      end = last;
    }
    if (end != data.size())
      fail("tensors up to its end",
           std::to_string(data.size() - end) + " bytes that belong to none");
    files_.push_back(std::move(file));
  }

  /// Whether elements of `element_bytes` in `shape` take exactly `size` bytes.
  static bool takes(std::size_t size, std::size_t element_bytes,
                    const std::vector<std::size_t>& shape) {
    if (std::ranges::find(shape, std::size_t{0}) != shape.end()) return size == 0;
    std::size_t product = element_bytes;
    for (const std::size_t n : shape) {
      if (product > size / n) return false;
      product *= n;
    }
    return product == size;
  }

  std::filesystem::path path_;
  std::vector<MappedFile> files_;
  TensorTable tensors_;
  std::map<std::string, std::string, std::less<>> missing_;  // named by the index: their shard
};

}  // namespace painters::formats
