// expect: painters: expected a state that owns its values, found a view: its copies share them, so
// that branches would overwrite each other: take a type whose copies are deep
#include <functional>

#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

#ifdef PAINTERS_MISTAKE
using State = std::reference_wrapper<double>;
#else
using State = double;
#endif
struct Increment {
  void operator()(State& x) const { static_cast<double&>(x) += 1; }
};

void f(State& x) {
  run(Sequence{1}, pipeline(Increment{}), x);  // here
}
