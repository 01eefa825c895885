// The one exception type of the library: a sentence that says what was expected, what was found and
// what to do.
#pragma once

#include <stdexcept>

namespace painters {

/// Thrown for everything that a user's input can cause: files, shapes, plans, options.
/// what() is one sentence without a final newline.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Wrong usage (arguments, the text of a plan): programs end with exit code 2, for any other Error
/// with 1.
class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace painters
