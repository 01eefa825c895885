// A model on the reference backend: everything that loads and runs one compiles and links. There is
// no model here, so what runs is that its absence is reported.
#include <painters/backend/reference.hpp>
#include <painters/engine/logits.hpp>
#include <painters/error.hpp>
#include <painters/models/causal_lm.hpp>

#include <iostream>

int main() {
  try {
    painters::backend::Reference backend;
    const painters::models::CausalLm<painters::backend::Reference> model("missing.gguf", backend);
  } catch (const painters::Error& error) {
    std::cout << error.what() << "\n";
    return 0;
  }
  return 1;
}
