// expect: painters: with_part(model, i, part, f) takes a function
#include <painters/backend/reference.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/models/edited.hpp>

using namespace painters;

struct Mine {
#ifdef PAINTERS_MISTAKE
  void operator()(tensor::ConstMatrix) const {}
#else
  void operator()(tensor::ConstMatrix, tensor::Matrix) const {}
#endif
};

void edit(const models::CausalLm<backend::Reference>& model) {
  (void)models::with_part(model, 0, layers::ffn, Mine());  // here
}
