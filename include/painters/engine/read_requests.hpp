// Reads a file of requests, one a line: {"context", "continuation"} as text or {"context_ids",
// "continuation_ids"} as tokens.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <painters/engine/request.hpp>
#include <painters/error.hpp>
#include <painters/formats/jsonl.hpp>

namespace painters::engine {

/// `prepare` turns a Request, or a TokenRequest as it was read, into a TokenRequest that can be
/// scored. Throws Error for a file without requests and, with the line's number, for a line that is
/// not a request or that `prepare` refuses.
template <class Prepare>
std::vector<TokenRequest> read_requests(const std::filesystem::path& path, Prepare&& prepare) {
  std::vector<TokenRequest> requests;
  formats::for_each_jsonl(path, [&](const formats::JsonObject& line) {
    const bool has_text = line.contains("context") && line.contains("continuation");
    const bool has_ids = line.contains("context_ids") && line.contains("continuation_ids");
    if (has_text == has_ids)
      throw Error(line.place() +
                  ": expected either \"context\" and \"continuation\" or \"context_ids\" and "
                  "\"continuation_ids\", found " +
                  (has_text ? "both" : "neither"));
    Request text;
    TokenRequest ids;
    if (has_text)
      text = {line.get<std::string>("context"), line.get<std::string>("continuation")};
    else
      ids = {line.get<painters::text::Tokens>("context_ids"),
             line.get<painters::text::Tokens>("continuation_ids")};
    try {
      requests.push_back(has_text ? prepare(text) : prepare(std::move(ids)));
    } catch (const Error& e) {
      throw Error(line.place() + ": " + e.what());
    }
  });
  if (requests.empty()) throw Error(path.string() + " is empty: expected a line for each request");
  return requests;
}

}  // namespace painters::engine
