// Everything that loads and runs a model on the reference backend compiles and links. There is no model here, so what the
// program checks is that its absence is reported.
#include <painters/backend/reference.hpp>
#include <painters/engine/forward.hpp>
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
