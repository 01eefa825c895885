// at most: 6
//
// A real model in a program of the user's, against plans alone: what is behind the header must not
// be compiled with it.
#if PAINTERS_LARGE
#include <painters/model.hpp>

double f(const painters::Model& model) {
  return model.next_tokens("@baseline", "Hello")[0].log_probability +
         model.score(model.all() | painters::Skip{1}, "Hello", " you").loglikelihood;
}
#else
#include <painters/painters.hpp>

painters::Plan f(const painters::Plan& all) { return all | painters::Skip{1}; }
#endif
