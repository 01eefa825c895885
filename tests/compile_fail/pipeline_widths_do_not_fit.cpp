// expect: layer {} takes states of width {}, but layer {}, which the plan calls before it, gives
// {}: put a layer from {} to {} between them
//
// found: 1 | 64 | 0 | 32 | 32 | 64
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
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

void pipeline_widths_do_not_fit() {
  std::vector<float> x(16);
#ifdef PAINTERS_MISTAKE
  run<Sequence<2>{}>(pipeline(Dense<16, 32>{}, Dense<64, 16>{}), x);  // here
#else
  run<Sequence<2>{}>(pipeline(Dense<16, 32>{}, Dense<32, 16>{}), x);
#endif
  run(Sequence{2}, pipeline(Dense<16, 32>{}, Dense<64, 16>{}), x);
}
