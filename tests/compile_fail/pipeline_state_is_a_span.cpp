// expect: painters: expected a state that owns its values, found a view: its copies share them, so
// that branches would overwrite each other: take a type whose copies are deep
#include <span>
#include <vector>

#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
using State = std::span<double>;
#else
using State = std::vector<double>;
#endif
struct Increment {
  void operator()(State& x) const { x[0] += 1; }
};

void f(State& x) {
  run(Sequence{1}, pipeline(Increment{}), x);  // here
}
