// expect: painters: this type is not a layer for this state: layer(x) must compile for a const
// layer and a State& (is its operator() const?)
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>
#include <vector>

using namespace painters;

struct Increment {
#ifdef PAINTERS_MISTAKE
  void operator()(std::vector<float>& x) const { x[0] += 1; }
#else
  void operator()(std::vector<double>& x) const { x[0] += 1; }
#endif
};

void f(std::vector<double>& x) {
  run(Sequence{1}, pipeline(Increment{}), x);  // here
}
