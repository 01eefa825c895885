// A layer of your own on oneDNN: written once against the operations that every backend offers, it
// runs on oneDNN's packed weights and threads, and on plain loops to compare with.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iostream>
#include <painters/backend/onednn.hpp>
#include <painters/backend/reference.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/painters.hpp>
#include <vector>

using namespace painters;

constexpr std::size_t width = 64, inner = 192, tokens = 100, depth = 6;

template <backend::Backend B>
struct GatedMlp {  // x += down (silu(gate x) * up x)
  typename B::PackedWeight gate_up, down;

  void operator()(layers::HiddenStates<B>& x) const {
    B& b = x.backend();
    const auto first = b.open(gate_up), second = b.open(down);  // ready while the call lasts
    b.for_row_blocks(tokens, [&](std::size_t begin, std::size_t count, auto& scratch) {
      const tensor::Matrix rows = x.values().middle_rows(begin, count);
      const tensor::Matrix both = scratch.matrix(count, 2 * inner);
      const tensor::Matrix gated = scratch.matrix(count, inner);
      const tensor::Matrix update = scratch.matrix(count, width);
      b.product(rows, first, both);
      b.gate(backend::Activation::silu, both, gated);
      b.product(gated, second, update);
      b.add_scaled(rows, 1, update);
    });
  }
};

template <backend::Backend B>
std::vector<float> run_on(PlanView plan, const std::vector<float>& values) {
  B backend;
  // A weight is rows in a file's own precision; here f32 in memory, which the backend packs.
  const auto weight = [&](std::size_t first, std::size_t rows, std::size_t cols) {
    const auto* bytes = reinterpret_cast<const std::byte*>(values.data() + first);
    return backend.pack({tensor::Weight{tensor::ElementType::f32, bytes, rows, cols}});
  };
  const auto net = stack<depth>([&](std::size_t i) {
    return GatedMlp<B>{weight(100 * i, 2 * inner, width), weight(100 * i + 7, width, inner)};
  });
  const tensor::PackedBatch batch = tensor::single_sequence(tokens);
  layers::HiddenStates<B> x(backend, batch, width);
  std::copy_n(values.begin(), tokens * width, x.values().data);
  run(plan, net, x);
  return {x.values().data, x.values().data + tokens * width};
}

int main() {
  std::vector<float> values(2 * inner * width + 100 * depth);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = 0.2f * std::sin(static_cast<float>(i * i % 9973));

  for (const char* text : {"0..5", "0, mean(1..4) x3, 5", "5..0, sum(2 * 0.5)"}) {
    const auto plan = parse_plan(text, depth);
    const auto fast = run_on<backend::OneDnn>(plan, values);
    const auto plain = run_on<backend::Reference>(plan, values);
    double apart = 0, size = 0;
    for (std::size_t i = 0; i < fast.size(); ++i) {
      apart = std::fmax(apart, std::fabs(fast[i] - plain[i]));
      size = std::fmax(size, std::fabs(plain[i]));
    }
    std::cout << text << ": values up to " << size
              << (apart < 1e-4 * size ? ", both agree\n" : ", they differ\n");
  }
}
