// expect: this layer can be called only with a memory
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

struct Count {
  using Memory = int;
  void operator()(double& x, Memory& calls) const { x += ++calls; }
};

void f(double& x) {
  constexpr auto plan = painters::Sequence<1>{};
  const auto net = painters::pipeline(Count{});
  painters::Memories memories(plan);
#ifdef PAINTERS_MISTAKE
  painters::run<plan>(net, x);
#else
  painters::run<plan>(net, x, memories);
#endif
}
