// expect: the plan calls part {} of layer {}, which has {} parts: call the whole layer or a part
// that it has
//
// found: 2 | 0 | 1
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

namespace {

struct OnePart {
  static constexpr Part parts() { return 1; }
  static constexpr bool parts_in_sequence() { return true; }
  void apply(Part, double& x) const { x += 1; }
  void operator()(double& x) const { x += 1; }
};

}  // namespace

void pipeline_part_is_not_there() {
  double x = 0;
#ifdef PAINTERS_MISTAKE
  run<call(0, Part{2})>(pipeline(OnePart{}), x);  // here
#else
  run<call(0, Part{1})>(pipeline(OnePart{}), x);
#endif
  run(call(0, Part{2}), pipeline(OnePart{}), x);
}
