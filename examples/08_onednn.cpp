// A layer of your own on oneDNN: written once against the operations that every backend offers, it
// runs on oneDNN's packed weights and threads, and for comparison on plain loops.
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
    const auto block = [&](std::size_t begin, std::size_t count, typename B::Lane& lane) {
      const auto rows = x.values().middle_rows(begin, count);
      const auto both = lane.matrix(count, 2 * inner), gated = lane.matrix(count, inner);
      const auto update = lane.matrix(count, width);
      lane.product(rows, first, both);
      lane.gate(backend::Activation::silu, both, gated);
      lane.product(gated, second, update);
      lane.add_scaled(rows, 1, update);
    };
    b.for_row_blocks(tokens, {&first, &second}, block);
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
  layers::HiddenStates<B> x(backend, tensor::single_sequence(tokens), width);
  backend.upload({values.data(), tokens, width}, x.values());  // a backend has memory of its own
  run(plan, net, x);
  const tensor::Buffer result = on_host(x);
  return {result.data(), result.data() + result.size()};
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
