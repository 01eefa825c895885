// What one plan did on one task, with all that a reader needs to know about how it came about.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace painters::analysis {

/// Which model was run, by which program.
struct Source {
  std::string model;        // its name, for people
  std::string fingerprint;  // of the model's content
  std::size_t layers = 0;   // how many the model has
  std::string precision;    // of the weights in the file and of the arithmetic
  std::string backend;      // its name and what it was compiled for
  std::size_t threads = 0;  // how many computed
  std::string version;      // of the program
};

/// A task and its documents.
struct DataSet {
  std::string task;           // as lm-evaluation-harness names it
  std::string file;           // its name, for people
  std::string fingerprint;    // of the file's content
  std::size_t documents = 0;  // how many of the file are used
  double chance = 0;          // the accuracy of guessing
};

/// One value for each document, in the order of `index`.
struct Outcomes {
  std::vector<std::size_t> index;     // of the document in its file
  std::vector<double> correct;        // 1 or 0
  std::vector<double> correct_norm;   // the same by log-likelihood per character; may be empty
  std::vector<double> loglikelihood;  // of the right answer
};

/// What one plan did on the documents of one task.
struct Record {
  Source source;      // the model and the program
  DataSet data;       // the task
  std::string plan;   // in the text form
  Outcomes outcomes;  // what the model answered
};

/// Whether numbers from both may stand in one table. Backends agree far more closely than a score
/// shows, so they may differ, as may the number of threads.
inline bool comparable(const Source& a, const Source& b) {
  return a.fingerprint == b.fingerprint && a.precision == b.precision;
}

/// Whether both are the same number of documents from the same file, for the same task.
inline bool comparable(const DataSet& a, const DataSet& b) {
  return a.task == b.task && a.fingerprint == b.fingerprint && a.documents == b.documents;
}

}  // namespace painters::analysis
