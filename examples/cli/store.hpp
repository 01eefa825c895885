// Which store of results a command uses.
#pragma once

#include <filesystem>
#include <string>

#include <CLI/App.hpp>

#include "output.hpp"

namespace painters::cli {

/// What --store says: a file, "none", or by default the store beside the output; empty for none.
inline std::filesystem::path store_path(const std::string& store, const std::string& output) {
  if (store == "none") return {};
  if (!store.empty()) return store;
  return LineFile::is_kept(output) ? std::filesystem::path(output + ".store")
                                   : std::filesystem::path();
}

inline void add_store_option(CLI::App& command, std::string& store, const std::string& fallback) {
  command.add_option("--store", store,
                     "The file in which every score is kept as soon as it is there, and looked up "
                     "before it is computed: interrupted work continues, and several programs may "
                     "share a file (default: " +
                         fallback + ")");
}

}  // namespace painters::cli
