// Recognises what a file is that should have been a model's: a bad download, an archive, another
// format.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <painters/error.hpp>

namespace painters::formats {

/// For messages: "found <name>; <advice>".
struct FileKind {
  std::string_view name;    // "a Git LFS pointer"
  std::string_view advice;  // what to do about it
};

/// How much of a file's beginning says what it is.
inline constexpr std::size_t file_kind_bytes = 512;

namespace detail {

struct MagicBytes {
  std::string_view bytes;  // what files of the kind begin with
  FileKind kind;
};

inline constexpr std::string_view convert_weights = "convert the model to safetensors";
inline constexpr std::string_view unpack = "unpack it";
inline constexpr FileKind torch_checkpoint{"a PyTorch checkpoint", convert_weights};
inline constexpr FileKind web_page{
    "a web page", "the address of the download is wrong or asks for a login: fetch the file again"};

inline constexpr std::array magic_bytes{
    MagicBytes{"version https://git-lfs.github.com/spec/",
               {"a Git LFS pointer, which only names the file",
                "fetch the file itself with git lfs pull"}},
    MagicBytes{"GGUF", {"a GGUF file", "give this file itself as the model"}},
    MagicBytes{"tjgg", {"a file of ggml before GGUF", "convert the model again"}},
    MagicBytes{"\x80\x02", torch_checkpoint},
    MagicBytes{"PK\x03\x04", {"a zip archive", unpack}},
    MagicBytes{"\x1f\x8b", {"a gzip archive", unpack}},
    MagicBytes{"\xfd"
               "7zXZ",
               {"an xz archive", unpack}},
    MagicBytes{"\x28\xb5\x2f\xfd", {"a zstd archive", unpack}},
    MagicBytes{"\x89HDF", {"an HDF5 file", convert_weights}},
    MagicBytes{"PAR1", {"a Parquet file", "convert it to JSON lines"}}};

/// Whether `text` begins with `word`, which is in lower case.
inline bool begins_with_any_case(std::string_view text, std::string_view word) {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(),
                    [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b); });
}

/// A header's length, then a header in JSON.
inline bool begins_as_safetensors(std::string_view beginning) {
  std::uint64_t length = 0;
  if (beginning.size() <= sizeof length) return false;
  std::memcpy(&length, beginning.data(), sizeof length);
  return beginning[sizeof length] == '{' && length < std::uint64_t{1} << 32;
}

}  // namespace detail

/// What a file is by its `beginning`, the first file_kind_bytes of it or all of a shorter one.
/// Empty if that could be anything.
inline std::optional<FileKind> file_kind(std::string_view beginning) {
  if (beginning.empty()) return FileKind{"an empty file", "fetch it again"};
  for (const detail::MagicBytes& magic : detail::magic_bytes) {
    if (!beginning.starts_with(magic.bytes)) continue;
    const bool is_torch = beginning.find("/data.pkl") != std::string_view::npos;  // within a zip
    return is_torch ? detail::torch_checkpoint : magic.kind;
  }
  if (detail::begins_as_safetensors(beginning))
    return FileKind{"a safetensors file", "give the folder that holds it and its config.json"};
  const std::size_t first = std::min(beginning.find_first_not_of(" \t\r\n"), beginning.size());
  const std::string_view text = beginning.substr(first);
  for (const std::string_view tag : {"<!doctype", "<html", "<?xml"})
    if (detail::begins_with_any_case(text, tag)) return detail::web_page;
  if (text.starts_with('{'))
    return FileKind{"a JSON file", "give the folder that holds it, or a .gguf file"};
  return std::nullopt;
}

/// Throws Error if a file is recognised as something else than `expected`, a name such as "a GGUF
/// file". `beginning` as in file_kind().
inline void refuse_other_kinds(std::string_view beginning, std::string_view expected,
                               const std::filesystem::path& path) {
  const std::optional<FileKind> kind = file_kind(beginning.substr(0, file_kind_bytes));
  if (kind && kind->name != expected)
    throw Error("expected " + std::string(expected) + " at " + path.string() + ", found " +
                std::string(kind->name) + "; " + std::string(kind->advice));
}

/// The same for bytes of a memory map.
inline void refuse_other_kinds(std::span<const std::byte> bytes, std::string_view expected,
                               const std::filesystem::path& path) {
  refuse_other_kinds(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
                     expected, path);
}

}  // namespace painters::formats
