// Reads the documents of a task from its data set's own file.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <painters/error.hpp>
#include <painters/formats/jsonl.hpp>
#include <painters/tasks/tasks.hpp>

namespace painters::tasks {

/// The limit with which every document is read.
inline constexpr std::size_t all_documents = std::numeric_limits<std::size_t>::max();

namespace detail {

/// The task whose data set a line comes from.
inline const Task* recognize(const formats::JsonObject& line) {
  const auto found = std::find_if(all_tasks.begin(), all_tasks.end(),
                                  [&](const Task* task) { return task->recognizes(line); });
  return found == all_tasks.end() ? nullptr : *found;
}

}  // namespace detail

/// Whether the first line of the file is from the task's data set. False for a file that is not
/// JSON lines.
inline bool holds_data_of(const Task& task, const std::filesystem::path& file) {
  bool recognized = false;
  try {
    formats::for_each_jsonl(file, [&](const formats::JsonObject& line) {
      recognized = task.recognizes(line);
      return false;
    });
  } catch (const Error&) {
    return false;
  }
  return recognized;
}

/// `path`, or if that is a folder, the one .jsonl or .json file in it that holds the task's data.
/// Throws Error if the folder has no such file, or several.
inline std::filesystem::path data_file(const Task& task, const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return path;
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    const std::string extension = entry.path().extension().string();
    if ((extension == ".jsonl" || extension == ".json") && entry.is_regular_file(error) &&
        holds_data_of(task, entry.path()))
      found.push_back(entry.path());
  }
  if (found.size() == 1) return found.front();
  const std::string wanted = "expected one .jsonl file of " + std::string(task.data_set);
  if (found.empty()) throw Error(path.string() + ": " + wanted + " in this folder, found none");
  std::sort(found.begin(), found.end());
  throw Error(path.string() + ": " + wanted + " in this folder, found " +
              found[0].filename().string() + " and " + found[1].filename().string() +
              ": name the file");
}

/// At most `limit` documents from number `offset` on. Throws Error for a file that cannot be read,
/// a line that is not the task's (with its number), no documents at all, and an offset after the
/// last one.
inline std::vector<Document> read(const Task& task, const std::filesystem::path& path,
                                  std::size_t limit = all_documents, std::size_t offset = 0) {
  const std::filesystem::path file = data_file(task, path);
  std::vector<Document> documents;
  std::size_t index = 0;
  formats::for_each_jsonl(file, [&](const formats::JsonObject& line) {
    if (documents.size() == limit) return false;
    if (index++ < offset) return true;
    if (!task.recognizes(line)) {
      if (const Task* other = detail::recognize(line))
        throw Error(line.place() + ": this looks like a file of " + std::string(other->data_set) +
                    ", expected " + std::string(task.data_set) + ": use --task " +
                    std::string(other->name));
    }
    documents.push_back(task.document(line));
    documents.back().index = index - 1;
    return true;
  });
  if (index == 0) throw Error(file.string() + " is empty: expected a line for each document");
  if (documents.empty() && limit > 0)
    throw Error(file.string() + " holds " + std::to_string(index) + " documents: offset " +
                std::to_string(offset) + " is past the last one");
  return documents;
}

}  // namespace painters::tasks
