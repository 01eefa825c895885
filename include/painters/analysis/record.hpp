// What one plan did on one task, with all that is needed to understand it later.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace painters::analysis {

/// What computed: the model and the program.
struct Source {
  std::string model;        // for people
  std::string fingerprint;  // of the model's content
  std::size_t layers = 0;   // of the model
  std::string precision;    // of the weights in the file and of the arithmetic
  std::string backend;      // its name
  std::size_t threads = 0;  // that it used
  std::string version;      // of the program
};

/// What was asked: a task and its documents.
struct DataSet {
  std::string task;           // as lm-evaluation-harness names it
  std::string file;           // for people
  std::string fingerprint;    // of the file's content
  std::size_t documents = 0;  // that are used of the file
  double chance = 0;          // the accuracy of guessing
};

/// One value for each document, in the order of `index`.
struct Outcomes {
  std::vector<std::size_t> index;  // of the document in its file
  std::vector<double> correct;     // 1 or 0
  std::vector<double>
      correct_norm;  // by log-likelihood per character; empty where the task has no such metric
  std::vector<double> loglikelihood;  // of the right answer
};

/// What one plan did on the documents of one task.
struct Record {
  Source source;      // what computed
  DataSet data;       // what was asked
  std::string plan;   // in the text form
  Outcomes outcomes;  // what came of it
};

/// Whether numbers of the two may stand in one table. Backends agree within a tolerance far below
/// what a score shows, so they and the number of threads may differ.
inline bool comparable(const Source& a, const Source& b) {
  return a.fingerprint == b.fingerprint && a.precision == b.precision;
}

/// The same task, and as many documents of the same file.
inline bool comparable(const DataSet& a, const DataSet& b) {
  return a.task == b.task && a.fingerprint == b.fingerprint && a.documents == b.documents;
}

}  // namespace painters::analysis
