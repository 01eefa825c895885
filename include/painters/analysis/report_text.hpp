// What a report says besides the numbers of its study.
#pragma once

#include <string>

namespace painters::analysis {

/// Sentences about a run that only the program that started it can say.
struct ReportText {
  std::string command;  // makes this report again, and finishes it if it was interrupted
  std::string setting;  // a sentence: what was left out of the paper's experiments; may be empty
  std::string data;     // which data were used, half a sentence
  double seconds = 0;   // how long the scores took to compute
};

}  // namespace painters::analysis
