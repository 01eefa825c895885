// Features that only the oneDNN backend has: a budget of panels, threads.
#ifdef PAINTERS_HAS_ONEDNN

#include <painters/backend/onednn.hpp>

#include <omp.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <painters/backend/reference.hpp>

#include "support/catch.hpp"
#include "support/doubles.hpp"
#include "support/on_host.hpp"
#include "support/random.hpp"

using namespace painters;
using backend::OneDnn;
using support::Doubles;
using support::Framed;
using support::Random;

namespace {

using enum tensor::ElementType;

/// A few layers' worth of weights of different shapes and types.
std::vector<support::StoredWeight> weights(Random& random) {
  std::vector<support::StoredWeight> all;
  all.push_back(support::random_weight(q4_1, 192, 64, random));
  all.push_back(support::random_weight(q8_0, 70, 96, random));
  all.push_back(support::random_weight(f32, 33, 50, random));
  all.push_back(support::random_weight(bf16, 448, 128, random));
  all.push_back(support::random_weight(q5_1, 64, 32, random, 4));
  return all;
}

/// y = x W^T in blocks of rows, as layers do it.
void multiply(OneDnn& backend, const OneDnn::OpenWeight& open, const Framed& x, Framed& y) {
  backend.for_row_blocks(
      x.view().rows, {&open}, [&](std::size_t first, std::size_t count, OneDnn::Lane& lane) {
        lane.product(x.view().middle_rows(first, count), open, y.view().middle_rows(first, count));
      });
}
Framed product(OneDnn& backend, const OneDnn::PackedWeight& weight, const Framed& x) {
  const auto open = backend.open(weight);
  Framed y(x.view().rows, open.weight->out);
  multiply(backend, open, x, y);
  return y;
}
Framed reference_product(const support::StoredWeight& stored, const Framed& x) {
  support::OnHost<backend::Reference> reference;
  Framed y(x.view().rows, stored.weight.rows);
  reference.product(x.view(), reference.open({stored.weight}), y.view());
  return y;
}

struct Threads {
  explicit Threads(int n) { omp_set_num_threads(n); }
  ~Threads() { omp_set_num_threads(before); }
  int before = omp_get_max_threads();
};

}  // namespace

TEST_CASE("a backend computes with as many threads as it is asked to, or as OpenMP would",
          "[backend][onednn]") {
  const Threads threads(3);
  CHECK(OneDnn().threads() == 3);
  CHECK(OneDnn(0, 0, 2).threads() == 2);
  Random random(1);
  const auto stored = weights(random);
  const Framed x(33, stored[0].weight.cols, random);
  for (const std::size_t n : {1, 2, 5}) {
    OneDnn backend(0, 0, n);
    const Framed y = product(backend, backend.pack({stored[0].weight}), x);
    CHECK(support::distance(y.view(), reference_product(stored[0], x).view()) < 1e-4);
  }
}

TEST_CASE("panels made anew for each use give the numbers of kept ones", "[backend][onednn]") {
  Random random(1);
  const auto stored = weights(random);
  OneDnn keeps, makes(0), keeps_some(60000);
  std::vector<OneDnn::PackedWeight> kept, made, mixed;
  for (const auto& w : stored) {
    kept.push_back(keeps.pack({w.weight}));
    made.push_back(makes.pack({w.weight}));
    mixed.push_back(keeps_some.pack({w.weight}));
  }
  std::size_t kept_of_mixed = 0;
  for (std::size_t i = 0; i < stored.size(); ++i) {
    CHECK(kept[i].weight->keeps);
    CHECK(!made[i].weight->keeps);
    kept_of_mixed += mixed[i].weight->keeps;
  }
  CHECK(kept_of_mixed > 0);
  CHECK(kept_of_mixed < stored.size());
  for (int pass = 0; pass < 3; ++pass)
    for (std::size_t i = 0; i < stored.size(); ++i) {
      CAPTURE(pass, i);
      const Framed x(5 + 40 * static_cast<std::size_t>(pass), stored[i].weight.cols, random);
      const Framed y = product(keeps, kept[i], x);
      CHECK(support::distance(y.view(), product(makes, made[i], x).view()) == 0);
      CHECK(support::distance(y.view(), product(keeps_some, mixed[i], x).view()) == 0);
      CHECK(support::distance(y.view(), reference_product(stored[i], x).view()) < 1e-4);
    }
}

TEST_CASE("weights may be open at the same time", "[backend][onednn]") {
  Random random(2);
  const auto stored = weights(random);
  OneDnn backend(0);
  std::vector<OneDnn::PackedWeight> packed;
  for (const auto& w : stored) packed.push_back(backend.pack({w.weight}));
  // As for a transformer block: some stay open while others come and go.
  for (std::size_t round = 0; round < 12; ++round) {
    const std::size_t a = round % stored.size(), b = (3 * round + 1) % stored.size();
    const auto first = backend.open(packed[a]);
    { const auto gone = backend.open(packed[(round + 2) % stored.size()]); }
    const auto second = backend.open(packed[b]);
    for (const auto& [open, i] : {std::pair{&first, a}, std::pair{&second, b}}) {
      const Framed x(9, stored[i].weight.cols, random);
      Framed y(9, stored[i].weight.rows);
      multiply(backend, *open, x, y);
      const auto expected =
          support::product(support::Doubles(x.view()), support::Doubles(stored[i].values.view()));
      CHECK(support::distance(y.view(), expected) < 1e-4);
    }
  }
}

TEST_CASE("blocks of rows give the same bits whether panels are kept or made anew",
          "[backend][onednn]") {
  Random random(3);
  std::vector<support::StoredWeight> stored;
  stored.push_back(support::random_weight(q4_0, 512, 320, random));  // tiles of blocks
  stored.push_back(support::random_weight(q6_k, 200, 256, random));  // a last tile of 8
  stored.push_back(support::random_weight(f32, 70, 33, random));     // oneDNN's own packing
  stored.push_back(
      support::random_weight(f16, 448, 4112, random, 7, 0.02f));  // as narrow as tiles get
  stored.push_back(support::random_weight(bf16, 3, 4112, random, 0, 0.02f));
  for (const int threads : {1, 2, 3}) {
    const Threads set(threads);
    OneDnn keeps, makes(0);
    for (const auto& w : stored)
      for (const std::size_t rows : {1, 47, 100, 1000, 1100, 2500}) {
        if (rows * w.weight.rows * w.weight.cols > std::size_t{1} << 30) continue;
        CAPTURE(threads, rows, w.weight.rows, w.weight.cols);
        const Framed x(rows, w.weight.cols, random);
        const Framed state(rows, w.weight.rows, random);
        Framed results[2] = {state, state};
        std::size_t blocks[2] = {0, 0};
        OneDnn* backends[2] = {&keeps, &makes};
        for (std::size_t i = 0; i < 2; ++i) {
          OneDnn& backend = *backends[i];
          const auto open = backend.open(backend.pack({w.weight}));
          REQUIRE(open.weight->keeps == (i == 0));
          std::atomic<std::size_t> count = 0;
          backend.for_row_blocks(rows, {nullptr, &open},
                                 [&](std::size_t first, std::size_t n, OneDnn::Lane& lane) {
                                   ++count;
                                   const tensor::Matrix inner = lane.matrix(n, w.weight.rows);
                                   lane.product(x.view().middle_rows(first, n), open, inner);
                                   const tensor::Matrix y = results[i].view().middle_rows(first, n);
                                   lane.add_scaled(y, 2.0f, inner);
                                 });
          blocks[i] = count;
        }
        CHECK(support::distance(results[0].view(), results[1].view()) == 0);
        CHECK(results[1].frame_is_whole());
        CHECK(blocks[1] <= blocks[0]);
        if (rows >= 1000) CHECK(blocks[1] < blocks[0]);
        if (threads > 1) continue;
        Doubles expected(state.view());
        const Doubles product = support::product(Doubles(x.view()), Doubles(w.values.view()));
        for (std::size_t k = 0; k < expected.values.size(); ++k)
          expected.values[k] += 2 * product.values[k];
        CHECK(support::distance(results[1].view(), expected) < 1e-3);
      }
  }
}

TEST_CASE("the file's pages stay in memory until the budget for them is spent",
          "[backend][onednn]") {
  Random random(6);
  const auto stored = support::random_weight(q4_0, 128, 64, random);
  const std::size_t bytes = stored.bytes->size();
  OneDnn backend(0, 2 * bytes + 1), keeps(std::size_t{1} << 20, 0);
  const Framed x(4, 64, random);
  const Framed expected = product(keeps, keeps.pack({stored.weight}), x);
  for (int i = 0; i < 4; ++i) {
    const auto weight = backend.pack({stored.weight});
    CHECK(weight.weight->drops == (i >= 2));
    for (int again = 0; again < 2; ++again)  // bytes that were dropped come back
      CHECK(support::distance(product(backend, weight, x).view(), expected.view()) == 0);
  }
  CHECK(!keeps.pack({stored.weight}).weight->drops);
}

TEST_CASE("rows with gaps between them are not much slower", "[backend][onednn]") {
  Random random(5);
  const auto stored = support::random_weight(f32, 1024, 256, random);
  const Threads one(1);  // other work on this machine then slows both alike
  OneDnn backend;
  const auto weight = backend.open(backend.pack({stored.weight}));
  const auto seconds = [&](std::size_t gap) {
    const Framed x(64, 256, random, 1, gap);
    Framed y(64, 1024, gap);
    double least = 1e9;
    for (int i = 0; i < 5; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      multiply(backend, weight, x, y);
      const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
      least = std::min(least, time.count());
    }
    return least;
  };
  CHECK(seconds(8) < 50 * seconds(0));  // oneDNN by itself can take 1000 times as long
}

TEST_CASE("any number of threads gives the same numbers", "[backend][onednn]") {
  Random random(4);
  const auto stored = weights(random);
  support::OnHost<backend::Reference> reference;
  for (const int threads : {1, 2, 3, 5}) {
    const Threads set(threads);
    OneDnn backend(0);
    REQUIRE(backend.threads() == static_cast<std::size_t>(threads));
    for (const std::size_t rows : {1, 47, 48, 120, 250, 600}) {
      CAPTURE(threads, rows);
      const Framed x(rows, 64, random);
      Framed y(rows, 192), expected(rows, 192);
      const auto weight = backend.open(backend.pack({stored[0].weight}));
      const std::vector<float> ones(64, 1.0f);
      backend.for_row_blocks(
          rows, {&weight}, [&](std::size_t first, std::size_t count, OneDnn::Lane& lane) {
            const tensor::Matrix normed = lane.matrix(count, 64);
            lane.rms_norm(x.view().middle_rows(first, count), ones, 1e-5f, normed);
            lane.product(normed, weight, y.view().middle_rows(first, count));
          });
      Framed normed(rows, 64);
      reference.rms_norm(x.view(), ones, 1e-5f, normed.view());
      reference.product(normed.view(), reference.open({stored[0].weight}), expected.view());
      CHECK(support::distance(y.view(), expected.view()) < 1e-4);
    }
    CHECK(omp_get_max_threads() == threads);  // settings of others stay as they are
  }
}

TEST_CASE("a team of the user's threads may call one backend, each thread for itself",
          "[backend][onednn]") {
  Random random(7);
  const auto stored = weights(random);
  OneDnn backend(60000);  // keeps some panels and makes the others
  for (const auto& w : stored) {
    const auto weight = backend.pack({w.weight});
    const Framed x(130, w.weight.cols, random);
    const Framed expected = product(backend, weight, x);
    for (const int team : {2, 5}) {  // 5: more than the backend has threads
      std::atomic<std::size_t> wrong = 0;
#pragma omp parallel num_threads(team)
      for (int i = 0; i < 5; ++i)
        wrong += support::distance(product(backend, weight, x).view(), expected.view()) != 0;
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("nothing of a closed weight is read ahead", "[backend][onednn]") {
  const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t bytes = 512 * page;
  OneDnn backend(0);
  for (int i = 0; i < 50; ++i) {
    // The bytes go while the backend lives: anything still reading them would end the program.
    void* const map =
        mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(map != MAP_FAILED);
    const tensor::Weight weight{f32, static_cast<const std::byte*>(map), bytes / 256, 64};
    { const auto open = backend.open(backend.pack({weight})); }
    std::vector<unsigned char> before(bytes / page), after(bytes / page);
    REQUIRE(mincore(map, bytes, before.data()) == 0);
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    REQUIRE(mincore(map, bytes, after.data()) == 0);
    CHECK(before == after);
    munmap(map, bytes);
  }
}

TEST_CASE("parallel loops do everything once and pass on what is thrown", "[backend][onednn]") {
  for (const std::size_t threads : {1, 2, 4})
    for (const std::size_t n : {0, 1, 2, 100}) {
      CAPTURE(threads, n);
      std::vector<int> done(n);
      std::vector<std::atomic<int>> at_work(threads);
      std::atomic<std::size_t> wrong = 0;
      backend::onednn::parallel_for(n, threads, [&](std::size_t i, std::size_t worker) {
        wrong += worker >= std::min(n, threads) || ++at_work[worker] != 1;
        std::size_t next = 0;  // one thread goes through its loop in order
        backend::onednn::parallel_for(
            3, 1, [&](std::size_t j, std::size_t alone) { wrong += j != next++ || alone != 0; });
        ++done[i];
        --at_work[worker];
      });
      CHECK(wrong == 0);
      CHECK(std::accumulate(done.begin(), done.end(), std::size_t{0}) == n);
      if (n > 0)
        CHECK_THROWS_WITH(
            backend::onednn::parallel_for(n, threads,
                                          [&](std::size_t i, std::size_t) {
                                            if (i == n / 2)
                                              throw std::runtime_error("item " + std::to_string(i));
                                          }),
            "item " + std::to_string(n / 2));
    }
}

#endif
