// A model in a few lines. There is no model here, so what runs is that its absence is reported.
#include <painters/model.hpp>

#include <iostream>

int main() {
  try {
    const painters::Model model("missing.gguf");
    for (const painters::NextToken& next : model.next_tokens("@baseline", "Hello"))
      std::cout << next.text << "\n";
  } catch (const painters::Error& error) {
    std::cout << error.what() << "\n";
    return 0;
  }
  return 1;
}
