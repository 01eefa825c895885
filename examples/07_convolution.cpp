// Nothing here is about language: the blocks of a small ConvMixer over the patches of a picture,
// which is a tensor of xtensor. Convolutions follow a picture that is shifted, and they still do
// under any plan.
#include <cmath>
#include <iostream>
#include <painters/painters.hpp>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xmanipulation.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>

using namespace painters;
using Image = xt::xtensor<float, 3>;  // the state: rows x columns x channels

struct Block {
  xt::xtensor<float, 3> space;     // 3 x 3 x channels
  xt::xtensor<float, 2> channels;  // from x to

  static constexpr Part parts() { return 2; }
  static constexpr bool parts_in_sequence() { return true; }

  void apply(Part part, Image& x) const {
    Image y = xt::zeros_like(x);
    if (part == 1)  // every channel looks at its neighbours, wrapping at the edges
      for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 3; ++c)
          y += xt::view(space, r, c) * xt::roll(xt::roll(x, r - 1, 0), c - 1, 1);
    if (part == 2)  // every patch looks at its channels
      for (std::size_t i = 0; i < channels.shape(0); ++i)
        y += xt::view(x, xt::all(), xt::all(), xt::range(i, i + 1)) * xt::view(channels, i);
    x += xt::maximum(y, 0.f);
  }
  void operator()(Image& x) const {
    apply(1, x);
    apply(2, x);
  }
};

Image shifted(const Image& x) { return xt::roll(xt::roll(x, 3, 0), 5, 1); }

int main() {
  int n = 0;
  const auto wave = [&](auto&& tensor) {
    for (float& value : tensor) ++n, value = 0.2f * std::sin(float(n * n % 997));
    return tensor;
  };
  const auto net = stack<6>([&](std::size_t) {
    return Block{wave(xt::xtensor<float, 3>({3, 3, 4})), wave(xt::xtensor<float, 2>({4, 4}))};
  });
  const Image picture = wave(Image({8, 8, 4}));
  Image usual = picture;
  run<Sequence<6>{}>(net, usual);

  for (const char* text : {"0..5", "0, 4..1, 5", "0, mean(1..4) x2, 5", "0..5, 1.part1, 4.part2"}) {
    const auto plan = parse_plan(text, net.size());
    Image x = picture, y = shifted(picture);
    run(plan, net, x);
    run(plan, net, y);
    const float apart = xt::amax(xt::abs(y - shifted(x)))();
    std::cout << text << ": mean change from 0..5 " << xt::mean(xt::abs(x - usual))()
              << (apart < 1e-5f ? ", follows a shift\n" : ", does not follow a shift\n");
  }
}
