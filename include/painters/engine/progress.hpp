// What long work tells while it is under way.
#pragma once

#include <cstddef>
#include <functional>

namespace painters::engine {

struct SweepProgress {
  std::size_t done = 0, total = 0;  // distinct applications of layers, each to the tokens of a pass
  double share = 0;                 // of the work that is done: applications weighted by tokens
  double sharing = 1;  // work one by one, without what plans and texts have in common, over work
};

/// Told before each application of a layer, and at the end; what it throws ends the work.
using OnProgress = std::function<void(const SweepProgress&)>;

}  // namespace painters::engine
