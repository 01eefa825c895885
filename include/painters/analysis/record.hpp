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
  std::size_t layers = 0;
  std::string precision;  // of the weights in the file and of the arithmetic
  std::string backend;
  std::size_t threads = 0;
  std::string version;  // of the program
};

/// What was asked: a task and its documents.
struct DataSet {
  std::string task;         // as lm-evaluation-harness names it
  std::string file;         // for people
  std::string fingerprint;  // of the file's content
  std::size_t documents = 0;
  double chance = 0;  // the accuracy of guessing
};

/// One value for each document, in the order of `index`.
struct Outcomes {
  std::vector<std::size_t> index;  // of the document in its file
  std::vector<double> correct;     // 1 or 0
  std::vector<double>
      correct_norm;  // by log-likelihood per character; empty where the task has no such metric
  std::vector<double> loglikelihood;  // of the right answer
};

struct Record {
  Source source;
  DataSet data;
  std::string plan;
  Outcomes outcomes;
};

/// Whether numbers of the two may stand in one table. Backends agree within a tolerance far below
/// what a score shows, so they and the number of threads may differ.
inline bool comparable(const Source& a, const Source& b) {
  return a.fingerprint == b.fingerprint && a.precision == b.precision;
}

inline bool comparable(const DataSet& a, const DataSet& b) {
  return a.task == b.task && a.fingerprint == b.fingerprint && a.documents == b.documents;
}

}  // namespace painters::analysis
