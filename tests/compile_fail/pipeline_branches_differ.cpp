// expect: the branches of a parallel group must give states of one width, but layer {} gives {} and
// layer {} gives {}: end both with layers of the same width
//
// found: 0 | 32 | 1 | 64
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/group.hpp>
#include <painters/plan/sequence.hpp>
#include <vector>

using namespace painters;

namespace {

template <std::size_t In, std::size_t Out>
struct Dense {
  static constexpr std::size_t takes() { return In; }
  static constexpr std::size_t gives() { return Out; }
  void operator()(std::vector<float>& x) const { x.resize(Out); }
};

}  // namespace

void pipeline_branches_differ() {
  std::vector<float> x(16);
#ifdef PAINTERS_MISTAKE
  run<mean(call(0), call(1))>(pipeline(Dense<16, 32>{}, Dense<16, 64>{}), x);  // here
#else
  run<mean(call(0), call(1))>(pipeline(Dense<16, 32>{}, Dense<16, 32>{}), x);
#endif
  run(mean(call(0), call(1)), pipeline(Dense<16, 32>{}, Dense<16, 64>{}), x);
}
