// The same as models.cpp on oneDNN, and one of its operations.
#include <painters/backend/onednn.hpp>
#include <painters/error.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/tensor/matrix.hpp>

#include <iostream>

int main() {
  painters::backend::OneDnn backend;
  float x[] = {1, 2, 3};
  const float y[] = {1, 1, 1};
  backend.add_scaled({x, 1, 3}, 2, {y, 1, 3});
  std::cout << backend.name() << ": " << x[0] << " " << x[1] << " " << x[2] << "\n";
  if (x[0] != 3 || x[1] != 4 || x[2] != 5) return 1;
  try {
    const painters::models::CausalLm<painters::backend::OneDnn> model("missing.gguf", backend);
  } catch (const painters::Error& error) {
    std::cout << error.what() << "\n";
    return 0;
  }
  return 1;
}
