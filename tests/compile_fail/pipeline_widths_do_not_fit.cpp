// expect: check_adjacent_layers<0, 32, 1, 64>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>
#include <vector>

template <std::size_t In, std::size_t Out>
struct Dense {
  static constexpr std::size_t takes() { return In; }
  static constexpr std::size_t gives() { return Out; }
  void operator()(std::vector<float>& x) const { x.resize(Out); }
};

void f(std::vector<float>& x) {
#ifdef PAINTERS_MISTAKE
  const auto net = painters::pipeline(Dense<16, 32>{}, Dense<64, 16>{});
#else
  const auto net = painters::pipeline(Dense<16, 32>{}, Dense<32, 16>{});
#endif
  painters::run<painters::Sequence<2>{}>(net, x);
}
