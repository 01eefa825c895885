// GGUF model files, versions 2 and 3, little-endian: metadata and tensors behind a memory map.
// Format: the GGUF specification of ggml (docs/gguf.md). The reader trusts nothing: every length
// and offset is checked against the file before it is used.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/file_kind.hpp>
#include <painters/formats/gguf_parts.hpp>
#include <painters/formats/gguf_reader.hpp>
#include <painters/formats/gguf_value.hpp>
#include <painters/formats/mapped_file.hpp>
#include <painters/formats/stored_tensor.hpp>
#include <painters/tensor/element_type.hpp>

namespace painters::formats {

namespace detail {

struct GgmlType {
  std::uint32_t number;
  std::string_view name;
};

/// ggml's type numbers. What tensor::ElementType lacks is here for messages.
inline constexpr GgmlType ggml_types[] = {
    {0, "F32"},     {1, "F16"},    {2, "Q4_0"},     {3, "Q4_1"},    {6, "Q5_0"},     {7, "Q5_1"},
    {8, "Q8_0"},    {9, "Q8_1"},   {10, "Q2_K"},    {11, "Q3_K"},   {12, "Q4_K"},    {13, "Q5_K"},
    {14, "Q6_K"},   {15, "Q8_K"},  {16, "IQ2_XXS"}, {17, "IQ2_XS"}, {18, "IQ3_XXS"}, {19, "IQ1_S"},
    {20, "IQ4_NL"}, {21, "IQ3_S"}, {22, "IQ2_S"},   {23, "IQ4_XS"}, {24, "I8"},      {25, "I16"},
    {26, "I32"},    {27, "I64"},   {28, "F64"},     {29, "IQ1_M"},  {30, "BF16"},    {34, "TQ1_0"},
    {35, "TQ2_0"},  {39, "MXFP4"}, {40, "NVFP4"},   {41, "Q1_0"},   {42, "Q2_0"}};

inline std::string ggml_type_name(std::uint32_t number) {
  for (const GgmlType& type : ggml_types)
    if (type.number == number) return std::string(type.name);
  return "ggml type " + std::to_string(number);
}

}  // namespace detail

/// An open file. Strings and tensors that it gives point into the map and live as long as this
/// object.
///
///   const Gguf file = Gguf::open("model.gguf");
///   const auto layers = file.metadata<std::uint32_t>("llama.block_count");
///   const tensor::Weight q = file.tensor("blk.0.attn_q.weight").weight(576, 576);
class Gguf {
 public:
  /// Of a model in several files (gguf_parts.hpp) all are opened, whichever is named. Throws Error
  /// if a file is missing, is not GGUF, or contradicts itself.
  static Gguf open(const std::filesystem::path& path) {
    const std::vector<std::filesystem::path> parts = gguf_parts(path);
    Gguf all{MappedFile(parts[0])};
    const auto count = all.find_metadata<std::uint32_t>("split.count").value_or(0);
    if (count > 1 && count != parts.size())
      throw Error("expected a model in " + std::to_string(count) + " files, as " + path.string() +
                  " says, under names such as model-00001-of-00002.gguf, found another name; give "
                  "the files the names that they were made with");
    for (std::size_t i = 1; i < parts.size(); ++i) all.add_part(Gguf{MappedFile(parts[i])});
    return all;
  }

  const std::filesystem::path& path() const { return file_.path(); }

  /// Metadata `key` as T (see gguf_as); empty if the file has no such key. Throws Error if it has
  /// another type.
  template <class T>
  std::optional<T> find_metadata(std::string_view key) const {
    const auto it = metadata_.find(key);
    if (it == metadata_.end()) return std::nullopt;
    std::optional<T> value = gguf_as<T>(it->second);
    if (!value)
      throw Error("expected metadata '" + std::string(key) + "' of " + path().string() + " to be " +
                  gguf_expected<T>() + ", found " + gguf_found(it->second) +
                  "; the file was written by an incompatible tool");
    return value;
  }

  /// The same for a key that must be there.
  template <class T>
  T metadata(std::string_view key) const {
    if (std::optional<T> value = find_metadata<T>(key)) return std::move(*value);
    throw Error("expected metadata '" + std::string(key) + "' (" + gguf_expected<T>() + ") in " +
                path().string() +
                ", found no such key; the file is not a model of the expected kind");
  }

  /// All metadata, for listing.
  const std::map<std::string, GgufValue, std::less<>>& all_metadata() const { return metadata_; }

  /// A tensor by name; throws Error (tensor) or gives nullptr (find_tensor) if there is none.
  const StoredTensor& tensor(std::string_view name) const {
    return tensors_.at(name, path().string());
  }
  /// Null if there is none.
  const StoredTensor* find_tensor(std::string_view name) const { return tensors_.find(name); }
  /// All of them, by name.
  const TensorTable::Map& tensors() const { return tensors_.all(); }

 private:
  explicit Gguf(MappedFile file) : file_(std::move(file)) {
    refuse_other_kinds(file_.bytes(), "a GGUF file", file_.path());
    detail::GgufReader in(file_.bytes(), file_.path());
    const auto magic = in.number<std::uint32_t>("the magic number");
    if (magic != 0x46554747u) in.fail("the magic number GGUF", "another one");
    const auto version = in.number<std::uint32_t>("the version");
    if (version != 2 && version != 3)
      in.fail("version 2 or 3", (version & 0xffffu) == 0 ? "a big-endian file"
                                                         : "version " + std::to_string(version));
    const auto tensor_count = in.number<std::uint64_t>("the number of tensors");
    const auto metadata_count = in.number<std::uint64_t>("the number of metadata entries");
    for (std::uint64_t i = 0; i < metadata_count; ++i) read_metadata(in);
    read_tensors(in, tensor_count);
  }

  void read_metadata(detail::GgufReader& in) {
    std::string key(in.string("a metadata key"));
    const GgufType type = in.type("a metadata value");
    const GgufValue value = in.value(type, "a metadata value");
    const auto [it, added] = metadata_.try_emplace(std::move(key), value);
    if (!added) in.fail("every metadata key once", "'" + it->first + "' twice");
  }

  void add_part(Gguf part) {
    for (const auto& [name, tensor] : part.tensors_.all())
      if (!tensors_.add(tensor))
        throw Error("expected every tensor in one part, found '" + name + "' in " +
                    part.path().string() +
                    ", too; the parts are not of one model: fetch them again");
    more_files_.push_back(std::move(part.file_));
  }

  struct TensorHeader {
    std::string_view name;
    std::vector<std::size_t> shape;  // outermost first
    std::uint32_t type;
    std::uint64_t offset;
  };

  void read_tensors(detail::GgufReader& in, std::uint64_t count) {
    constexpr std::size_t smallest_header = 8 + 4 + 4 + 8;
    if (count > in.remaining() / smallest_header)
      in.fail(std::to_string(count) + " tensors",
              "only " + std::to_string(in.remaining()) + " bytes for their headers");
    std::vector<TensorHeader> headers;
    for (std::uint64_t i = 0; i < count; ++i) headers.push_back(read_header(in));

    const auto alignment = find_metadata<std::uint32_t>("general.alignment").value_or(32);
    if (!std::has_single_bit(alignment))
      in.fail("an alignment that is a power of two", std::to_string(alignment));
    const std::size_t data = (in.position() + alignment - 1) / alignment * alignment;
    for (const TensorHeader& header : headers) {
      if (header.offset % alignment != 0)
        in.fail("tensor '" + std::string(header.name) + "' at a multiple of " +
                    std::to_string(alignment),
                "offset " + std::to_string(header.offset));
      add_tensor(in, header, data);
    }
  }

  static TensorHeader read_header(detail::GgufReader& in) {
    TensorHeader header{};
    header.name = in.string("a tensor's name");
    const auto dimensions = in.number<std::uint32_t>("a tensor's dimensions");
    if (dimensions > 4)
      in.fail("at most 4 dimensions of '" + std::string(header.name) + "'",
              std::to_string(dimensions));
    header.shape.resize(dimensions);
    for (std::size_t i = dimensions; i-- > 0;)  // the file has the innermost first
      header.shape[i] = static_cast<std::size_t>(in.number<std::uint64_t>("a tensor's shape"));
    header.type = in.number<std::uint32_t>("a tensor's type");
    header.offset = in.number<std::uint64_t>("a tensor's offset");
    return header;
  }

  void add_tensor(const detail::GgufReader& in, const TensorHeader& header, std::size_t data) {
    const std::string name(header.name);
    const std::size_t file_size = file_.bytes().size();
    const std::size_t available = data <= file_size && header.offset <= file_size - data
                                      ? file_size - data - static_cast<std::size_t>(header.offset)
                                      : 0;
    std::string type_name = detail::ggml_type_name(header.type);
    const std::optional<tensor::ElementType> type = tensor::element_type_named(type_name);
    std::size_t bytes = 0;
    if (type) {
      const tensor::ElementTraits t = tensor::traits(*type);
      const std::size_t inner = header.shape.empty() ? 1 : header.shape.back();
      if (inner % t.block_elements != 0)
        in.fail("rows of '" + name + "' in whole blocks of " + std::to_string(t.block_elements) +
                    ", as " + type_name + " has them",
                "rows of " + std::to_string(inner) + " elements");
      bytes = inner / t.block_elements;
      bool fits = bytes <= file_size;  // so that nothing below overflows
      for (std::size_t i = 0; fits && i + 1 < header.shape.size(); ++i)
        fits = multiply_within(bytes, header.shape[i], file_size);
      if (!fits || !multiply_within(bytes, t.block_bytes, available))
        in.fail("tensor '" + name + "' of shape " + shape_text(header.shape) + " and type " +
                    type_name + " within the file",
                "only " + std::to_string(available) + " bytes at its place");
    }
    const std::byte* begin = bytes == 0 ? nullptr : file_.bytes().data() + data + header.offset;
    if (!tensors_.add({name, std::move(type_name), type, header.shape, {begin, bytes}}))
      in.fail("every tensor once", "'" + name + "' twice");
  }

  /// value *= factor, if the product is at most `limit`; else false.
  static bool multiply_within(std::size_t& value, std::size_t factor, std::size_t limit) {
    if (factor != 0 && value > limit / factor) return false;
    value *= factor;
    return true;
  }

  MappedFile file_;                     // the only one, or the first
  std::vector<MappedFile> more_files_;  // the model's other files
  std::map<std::string, GgufValue, std::less<>> metadata_;
  TensorTable tensors_;
};

}  // namespace painters::formats
