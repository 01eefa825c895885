// expect: painters: with_layer(model, i, layer) takes a layer of the model's states
#include <painters/backend/reference.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/models/edited.hpp>

using namespace painters;

struct Mine {
#ifdef PAINTERS_MISTAKE
  void operator()(double&) const {}
#else
  void operator()(layers::HiddenStates<backend::Reference>&) const {}
#endif
};

void edit(const models::CausalLm<backend::Reference>& model) {
  (void)models::with_layer(model, 0, Mine());  // here
}
