// A model on the default backend, here the reference one: everything that loads and runs one compiles and links. There is
// no model here, so what runs is that its absence is reported.
#include <painters/models.hpp>

#include <iostream>

int main() {
  try {
    painters::backend::Default backend;
    const painters::models::CausalLm<painters::backend::Default> model("missing.gguf", backend);
  } catch (const painters::Error& error) {
    std::cout << error.what() << "\n";
    return 0;
  }
  return 1;
}
