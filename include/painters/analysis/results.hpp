// The results of a run on disk: results.jsonl in the output folder, one record a line, written as
// it is made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/analysis/record.hpp>
#include <painters/error.hpp>

namespace painters::analysis {

namespace detail {

/// One line without its end; doubles are printed so that reading gives them back exactly.
inline std::string to_line(const Record& record) {
  const Source& source = record.source;
  const DataSet& data = record.data;
  const Outcomes& outcomes = record.outcomes;
  const auto flags = [](const std::vector<double>& values) {
    std::string text;
    for (double value : values) text += value != 0 ? '1' : '0';
    return text;
  };
  // Documents are mostly whole files from the first on; ordered_json keeps the lines readable.
  const nlohmann::ordered_json json{
      {"protocol", protocol},
      {"task", data.task},
      {"plan", record.plan},
      {"model", source.model},
      {"model_fingerprint", source.fingerprint},
      {"layers", source.layers},
      {"precision", source.precision},
      {"backend", source.backend},
      {"threads", source.threads},
      {"version", source.version},
      {"data", data.file},
      {"data_fingerprint", data.fingerprint},
      {"documents", data.documents},
      {"chance", data.chance},
      {"seconds", record.seconds},
      {"index", outcomes.index},
      {"correct", flags(outcomes.correct)},
      {"correct_norm", flags(outcomes.correct_norm)},
      {"loglikelihood", outcomes.loglikelihood},
  };
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Nothing if the record is of another protocol; throws nlohmann's exceptions or Error if it is
/// none.
inline std::optional<Record> from_line(std::string_view line) {
  const auto json = nlohmann::json::parse(line);
  if (json.at("protocol").get<int>() != protocol) return std::nullopt;
  const auto flags = [&](const char* name) {
    std::vector<double> values;
    for (char c : json.at(name).get_ref<const std::string&>()) {
      if (c != '0' && c != '1') throw Error(std::string("expected only 0 and 1 in ") + name);
      values.push_back(c - '0');
    }
    return values;
  };
  Record record;
  record.plan = json.at("plan").get<std::string>();
  record.seconds = json.at("seconds").get<double>();
  record.source = {.model = json.at("model").get<std::string>(),
                   .fingerprint = json.at("model_fingerprint").get<std::string>(),
                   .layers = json.at("layers").get<std::size_t>(),
                   .precision = json.at("precision").get<std::string>(),
                   .backend = json.at("backend").get<std::string>(),
                   .threads = json.at("threads").get<std::size_t>(),
                   .version = json.at("version").get<std::string>()};
  record.data = {.task = json.at("task").get<std::string>(),
                 .file = json.at("data").get<std::string>(),
                 .fingerprint = json.at("data_fingerprint").get<std::string>(),
                 .documents = json.at("documents").get<std::size_t>(),
                 .chance = json.at("chance").get<double>()};
  record.outcomes = {.index = json.at("index").get<std::vector<std::size_t>>(),
                     .correct = flags("correct"),
                     .correct_norm = flags("correct_norm"),
                     .loglikelihood = {}};
  for (const auto& value : json.at("loglikelihood"))  // JSON writes what is not finite as null
    record.outcomes.loglikelihood.push_back(
        value.is_null() ? -std::numeric_limits<double>::infinity() : value.get<double>());
  const std::size_t n = record.data.documents;
  const Outcomes& outcomes = record.outcomes;
  if (n == 0 || outcomes.index.size() != n || outcomes.correct.size() != n ||
      outcomes.loglikelihood.size() != n ||
      (!outcomes.correct_norm.empty() && outcomes.correct_norm.size() != n))
    throw Error("expected one value for each of the documents in every column");
  return record;
}

}  // namespace detail

/// The records of an output folder. Opening reads what earlier runs left, so that a run goes on
/// where the last one ended; the torn last line of a run that was killed while writing is cut off.
class Results {
 public:
  /// Opens or makes `folder`/results.jsonl. Throws Error if the folder cannot be made, the file
  /// cannot be read or written, or holds a line that is no record.
  explicit Results(std::filesystem::path folder) : path_(std::move(folder) / "results.jsonl") {
    std::error_code error;
    std::filesystem::create_directories(path_.parent_path(), error);
    if (error)
      throw Error("expected to make the output folder " + path_.parent_path().string() +
                  ", found: " + error.message() + "; choose another with --output");
    read();
    file_.open(path_, std::ios::binary | std::ios::app);
    require_written();
  }

  /// What is there for this model, task, data and plan, or nullptr. Records of other models, data,
  /// numbers of documents or protocols stay in the file and are not seen. Valid until the next
  /// append.
  const Record* find(const Source& source, const DataSet& data, std::string_view plan) const {
    for (const Record& record : records_)
      if (record.plan == plan && comparable(record.data, data) && comparable(record.source, source))
        return &record;
    return nullptr;
  }

  /// Writes the record at once. Throws Error if the disk does not take it.
  void append(Record record) {
    file_ << detail::to_line(record) + '\n' << std::flush;
    require_written();
    records_.push_back(std::move(record));
  }

  const std::vector<Record>& records() const { return records_; }
  const std::filesystem::path& path() const { return path_; }

 private:
  void read() {
    std::error_code error;
    if (!std::filesystem::exists(path_, error)) return;
    const std::uintmax_t size = std::filesystem::file_size(path_, error);
    std::string text(error ? 0 : size, '\0');
    std::ifstream in(path_, std::ios::binary);
    if (error || !in.read(text.data(), static_cast<std::streamsize>(size)))
      throw Error("expected to read the results of earlier runs from " + path_.string() +
                  ", found that it is not possible; check its permissions, or choose another "
                  "folder with --output");
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = text.find('\n', begin);
      if (end == std::string::npos) {
        std::filesystem::resize_file(path_, begin);
        return;
      }
      ++number;
      try {
        if (auto record = detail::from_line(std::string_view(text).substr(begin, end - begin)))
          records_.push_back(*std::move(record));
      } catch (const std::exception& problem) {
        throw Error(path_.string() + ", line " + std::to_string(number) +
                    ": expected a record of results, found something else (" + problem.what() +
                    "); remove the line, or choose another folder with --output");
      }
      begin = end + 1;
    }
  }

  void require_written() const {
    if (!file_)
      throw Error("expected to write results to " + path_.string() +
                  ", found that it is not possible; check the free space and the permissions of "
                  "the folder");
  }

  std::filesystem::path path_;
  std::vector<Record> records_;
  std::ofstream file_;
};

}  // namespace painters::analysis
