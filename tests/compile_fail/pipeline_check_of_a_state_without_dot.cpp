// expect: painters: check_layer compares states by their inner product: this type needs a free
// function dot(x, y) beside it or as its friend
#include <painters/pipeline/check_layer.hpp>

using namespace painters;

struct Particle {
  double position, velocity;

  friend void scale(Particle& x, double a) {
    x.position *= a;
    x.velocity *= a;
  }
  friend void add_scaled(Particle& x, double a, const Particle& y) {
    x.position += a * y.position;
    x.velocity += a * y.velocity;
  }
#ifndef PAINTERS_MISTAKE
  friend double dot(const Particle& x, const Particle& y) {
    return x.position * y.position + x.velocity * y.velocity;
  }
#endif
};

struct Drift {
  void operator()(Particle& x) const { x.position += x.velocity; }
};

bool f() {
  return check_layer(Drift{}, Particle{1, 1}).ok;  // here
}
