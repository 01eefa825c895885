// expect: b.swiglu(x, y)
#include <painters/backend/reference.hpp>
#include <painters/layers/swiglu.hpp>

using namespace painters;

struct Mine : backend::Reference {
#ifdef PAINTERS_MISTAKE
  void swiglu(tensor::Matrix) {}
#endif
};

layers::FeedForward<Mine> layer;  // here
