// The attention of a layer as an array [heads, queries, keys] for Python:
// numpy.load("pattern.npy"). Arguments: MODEL [FILE.npy].
#include <algorithm>
#include <cstddef>
#include <exception>
#include <iostream>
#include <vector>

#include <painters/model.hpp>
#include <painters/tensor/npy.hpp>

using namespace painters;

int main(int argc, char** argv) try {
  if (argc < 2) throw UsageError("expected a model's file or folder as the first argument");
  const Model model(argv[1]);
  std::vector<KeptValues> kept;
  ActivationHooks hooks;
  hooks.keep(HookPoint::pattern, {.layers = {5}}, kept);
  const text::Tokens tokens = model.tokens("The cat sat on the mat because the cat was tired.");
  model.states(model.all(), tokens, hooks);

  const KeptValues& pattern = kept.at(0);
  std::vector<float> all;
  for (std::size_t h = 0; h < pattern.heads; ++h) {
    const tensor::ConstMatrix head = pattern.head(h);
    for (std::size_t q = 0; q < head.rows; ++q)
      all.insert(all.end(), head.row(q), head.row(q) + head.cols);
    const float* last = head.row(head.rows - 1);
    const auto most = static_cast<std::size_t>(std::max_element(last + 1, last + head.cols) - last);
    std::cout << "head " << h << ": begins with " << last[0] << ", then most to \""
              << model.text({&tokens[most], 1}) << "\"\n";
  }
  const std::vector<std::size_t> shape{pattern.heads, tokens.size(), tokens.size()};
  if (argc > 2) tensor::write_npy(argv[2], shape, all.data());
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
