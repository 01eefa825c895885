// A state of your own needs to be copied, scaled and added, nothing else: here a particle on a
// spring. Its layers are the two halves of a time step, and plans are methods of integration: each
// order alone has an error of the size of a step, which the mean of both orders cancels.
#include <cmath>
#include <iostream>
#include <painters/painters.hpp>

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
};

struct Drift {
  double step;
  void operator()(Particle& x) const { x.position += step * x.velocity; }
};
struct Kick {
  double step;
  void operator()(Particle& x) const { x.velocity -= step * x.position; }
};

int main() {
  for (const char* text :
       {"(0, 1) x100", "(1, 0) x100", "mean((0, 1), (1, 0)) x100", "(2, 1, 2) x100"}) {
    const double step = 0.01;  // a hundred of them make one unit of time
    const auto net = pipeline(Drift{step}, Kick{step}, Drift{step / 2});
    Particle x{1, 0};
    run(parse_plan(text, net.size()), net, x);
    std::cout << text << ": position " << x.position << ", error "
              << std::abs(x.position - std::cos(1.0)) << "\n";
  }
}
