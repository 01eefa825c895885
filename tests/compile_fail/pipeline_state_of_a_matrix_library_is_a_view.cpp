// expect: painters: expected a state that owns its values, found a view: its copies share them, so
// that branches would overwrite each other: take a type whose copies are deep
#include <vector>

#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/pipeline.hpp>
#include <painters/plan/sequence.hpp>

using namespace painters;

// Matrix and Map as Eigen has them.
struct Matrix {
  using PlainObject = Matrix;
  std::vector<double> values;
  Matrix& operator*=(double a);
  Matrix& operator+=(const Matrix& y);
  friend Matrix operator*(double a, const Matrix& y);
};
struct Map {
  using PlainObject = Matrix;
  explicit Map(double* values);
  const double* data() const;
  double* data();
  Map& operator*=(double a);
  Map& operator+=(const Matrix& y);
  friend Matrix operator*(double a, const Map& y);
};

#ifdef PAINTERS_MISTAKE
using State = Map;
#else
using State = Matrix;
#endif
struct Double {
  void operator()(State& x) const { x *= 2; }
};

void f(State& x) {
  run(Sequence{1}, pipeline(Double{}), x);  // here
}
