// expect: lane.gate(Activation::silu, x, y)
#include <painters/backend/reference.hpp>
#include <painters/layers/feed_forward.hpp>

using namespace painters;

struct Mine : backend::Reference {
  struct Lane : backend::Reference::Lane {
#ifdef PAINTERS_MISTAKE
    void gate(tensor::Matrix) {}
#endif
  };
};

layers::FeedForward<Mine> layer;  // here
