// What a study consists of, as a text that is kept beside its scores: from the two a report can be
// made without the model and the data.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <painters/analysis/experiments.hpp>
#include <painters/analysis/record.hpp>
#include <painters/analysis/report_text.hpp>
#include <painters/engine/score_store.hpp>
#include <painters/error.hpp>
#include <painters/tasks/document.hpp>

namespace painters::analysis {

/// The documents of a task and the keys of their requests, one document after another.
struct TaskDefinition {
  DataSet data;                                 // which documents of which file
  std::vector<tasks::Document> documents;       // what is read back has requests without text
  std::vector<engine::StoredRequest> requests;  // of all documents
};

/// What is run, on which data, and what the report says besides the numbers.
struct StudyDefinition {
  Source source;                      // the model and the program
  bool full = false;                  // every window and ten seeds, or the quick selection
  std::vector<TaskDefinition> tasks;  // with their documents
  ReportText text;                    // without `seconds`, which the store knows

  /// All experiments of the selection, in the order in which they are run.
  std::vector<Experiment> experiments() const {
    return analysis::experiments(
        source.layers, full ? full_selection(source.layers) : quick_selection(source.layers));
  }
  /// The data set of every task, in the order of `tasks`.
  std::vector<DataSet> data() const {
    std::vector<DataSet> all;
    for (const TaskDefinition& task : tasks) all.push_back(task.data);
    return all;
  }
};

/// The name under which a store keeps the definition among its notes.
inline constexpr const char* definition_note = "study";

/// The study as JSON, without the texts of requests; definition_from_text reads it.
inline std::string to_text(const StudyDefinition& study) {
  using Json = nlohmann::json;
  const Source& source = study.source;
  Json json{{"layout", 1},
            {"full", study.full},
            {"source",
             {{"model", source.model},
              {"fingerprint", source.fingerprint},
              {"layers", source.layers},
              {"precision", source.precision},
              {"backend", source.backend},
              {"threads", source.threads},
              {"version", source.version}}},
            {"text",
             {{"command", study.text.command},
              {"setting", study.text.setting},
              {"data", study.text.data}}},
            {"tasks", Json::array()}};
  for (const TaskDefinition& task : study.tasks) {
    Json documents = Json::array();
    auto request = task.requests.begin();
    for (const tasks::Document& document : task.documents) {
      Json requests = Json::array();
      for (std::size_t i = 0; i < document.requests.size(); ++i, ++request)
        requests.push_back({to_hex(request->key), request->tokens});
      documents.push_back({{"index", document.index},
                           {"gold", document.gold},
                           {"choice_lengths", document.choice_lengths},
                           {"requests", std::move(requests)}});
    }
    json["tasks"].push_back({{"task", task.data.task},
                             {"file", task.data.file},
                             {"fingerprint", task.data.fingerprint},
                             {"chance", task.data.chance},
                             {"documents", std::move(documents)}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Reads what to_text wrote. Throws Error for any other text.
inline StudyDefinition definition_from_text(std::string_view text) {
  try {
    const auto json = nlohmann::json::parse(text);
    if (json.at("layout").get<int>() != 1) throw Error("it is of another version");
    StudyDefinition study;
    json.at("full").get_to(study.full);
    const auto& source = json.at("source");
    source.at("model").get_to(study.source.model);
    source.at("fingerprint").get_to(study.source.fingerprint);
    source.at("layers").get_to(study.source.layers);
    source.at("precision").get_to(study.source.precision);
    source.at("backend").get_to(study.source.backend);
    source.at("threads").get_to(study.source.threads);
    source.at("version").get_to(study.source.version);
    json.at("text").at("command").get_to(study.text.command);
    json.at("text").at("setting").get_to(study.text.setting);
    json.at("text").at("data").get_to(study.text.data);
    for (const auto& task : json.at("tasks")) {
      TaskDefinition& read = study.tasks.emplace_back();
      task.at("task").get_to(read.data.task);
      task.at("file").get_to(read.data.file);
      task.at("fingerprint").get_to(read.data.fingerprint);
      task.at("chance").get_to(read.data.chance);
      for (const auto& document : task.at("documents")) {
        tasks::Document& one = read.documents.emplace_back();
        document.at("index").get_to(one.index);
        document.at("gold").get_to(one.gold);
        document.at("choice_lengths").get_to(one.choice_lengths);
        for (const auto& request : document.at("requests"))
          read.requests.push_back({engine::key_from_hex(request.at(0).get<std::string>()),
                                   request.at(1).get<std::size_t>()});
        one.requests.resize(document.at("requests").size());
        if (one.gold >= one.requests.size()) throw Error("a document has no right answer");
      }
      read.data.documents = read.documents.size();
    }
    if (study.source.layers == 0 || study.tasks.empty()) throw Error("it is empty");
    return study;
  } catch (const std::exception& problem) {
    throw Error(std::string("expected the description of a study in the store of results, found "
                            "something else (") +
                problem.what() + "); run painters reproduce again");
  }
}

/// The study that a store belongs to. Throws Error if there is none in it.
inline StudyDefinition definition_of(engine::StoreFile& file) {
  const std::optional<std::string> text = file.note(definition_note);
  if (!text)
    throw Error("expected a study in " + file.path().string() +
                ", found a store without one; painters reproduce makes one");
  return definition_from_text(*text);
}

}  // namespace painters::analysis
