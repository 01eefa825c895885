// expect: check_part<0, 2, 1>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

struct OnePart {
  static constexpr painters::Part parts() { return 1; }
  static constexpr bool parts_in_sequence() { return true; }
  void apply(painters::Part, double& x) const { x += 1; }
  void operator()(double& x) const { x += 1; }
};

void f(double& x) {
#ifdef PAINTERS_MISTAKE
  constexpr auto plan = painters::call(0, painters::ffn);
#else
  constexpr auto plan = painters::call(0, painters::attention);
#endif
  painters::run<plan>(painters::pipeline(OnePart{}), x);
}
