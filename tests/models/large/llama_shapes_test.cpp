// Models of the shapes of Llama 2, larger than this machine's memory, in files that are mostly
// holes: the numbers are those of the definition, and memory is bounded.
#include <painters/models/causal_lm.hpp>

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <omp.h>

#include <painters/engine/logits.hpp>
#include <painters/plan/parse.hpp>

#include "support/anonymous_memory.hpp"
#include "support/backends.hpp"
#include "support/catch.hpp"
#include "support/sparse_files.hpp"
#include "support/sparse_llama.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using support::CausalLmShape;
using support::Doubles;
using support::FastBackend;
using support::SparseLlama;
using Type = tensor::ElementType;

namespace {

constexpr std::size_t megabyte = std::size_t{1} << 20;

/// The memory that sanitizers add: freed blocks that they hold back, and their records of the
/// others.
#ifdef PAINTERS_SANITIZED
constexpr std::size_t of_sanitizers = 1024 * megabyte;
#else
constexpr std::size_t of_sanitizers = 0;
#endif

/// A backend that keeps no weights in f32.
template <class B>
B streaming_backend() {
  if constexpr (std::constructible_from<B, std::size_t>)
    return B(0);
  else
    return B();
}

/// The most memory that a run over a few tokens may take: on oneDNN each thread has two tiles of
/// the widest weight, one being made and one at work; other backends open all weights of a layer
/// but the first.
template <class B>
std::size_t most_memory(const CausalLmShape& shape) {
  const auto& b = shape.block;
  const std::size_t others = 32 * megabyte;  // norms, states, scratch, the program itself
  if (!std::constructible_from<B, std::size_t>)
    return others + b.hidden_size * (b.attention.query_size() + 3 * b.intermediate_size) * 5;
  return others +
         static_cast<std::size_t>(omp_get_max_threads()) * 2 * 64 * 4 * b.intermediate_size;
}

template <class B>
void check(const std::filesystem::path& path, const SparseLlama& definition,
           const CausalLmShape& shape) {
  const std::size_t last = shape.layers - 1, vocabulary = shape.vocab_size;
  // The layer between them is all zeros and changes nothing.
  const std::string plan = "0, " + std::to_string(shape.layers / 2) + ", " + std::to_string(last);
  std::vector<text::TokenId> tokens;
  for (const std::size_t row : {vocabulary - 1, std::size_t{1}, vocabulary / 2, std::size_t{64}})
    tokens.push_back(static_cast<text::TokenId>(row));
  std::vector<Doubles> expected{definition.embed(tokens)};
  expected.push_back(definition.call(0, expected.back()));
  expected.push_back(expected.back());
  expected.push_back(definition.call(last, expected.back()));

  const support::AnonymousMemory memory;
  const std::size_t before = support::memory_status("RssAnon:");
  REQUIRE(before > 0);
  B backend = streaming_backend<B>();
  const models::CausalLm<B> model(path, backend);
  std::size_t step = 0;
  const tensor::Buffer logits =
      engine::logits(model, parse_plan(plan), tokens, [&](tensor::ConstMatrix values) {
        CAPTURE(step);
        REQUIRE(step < expected.size());
        CHECK(support::distance(values, expected[step]) < 1e-4);
        ++step;
      });
  CHECK(step == expected.size());
  CHECK(support::distance(expected[1], expected[0]) > 0.01);
  CHECK(support::distance(expected[3], expected[2]) > 0.01);
  const Doubles expected_logits = definition.logits(expected.back());
  CHECK(support::largest(expected_logits) > 0.5);
  CHECK(support::distance(logits.view(), expected_logits) < 1e-4);

  CAPTURE(before, memory.peak());
  CHECK(memory.peak() - before < most_memory<B>(shape) + of_sanitizers);
  CHECK(memory.peak() < 6144 * megabyte);
}

}  // namespace

TEST_CASE("the shape of Llama-2-70B runs in little memory from a file of Q4_0", "[models][large]") {
  const support::TemporaryFolder folder;
  if (support::skipped_without_sparse_files(folder.path(), std::uint64_t{160} << 30)) return;
  const CausalLmShape& shape = support::llama_2_70b;
  const SparseLlama model(shape, Type::q4_0, {0, shape.layers - 1});
  model.write_gguf(folder.path() / "model.gguf");
  CHECK(std::filesystem::file_size(folder.path() / "model.gguf") > std::uintmax_t{36} << 30);
  check<FastBackend>(folder.path() / "model.gguf", model, shape);
}

TEST_CASE("the shape of Llama-2-70B runs in little memory from shards in F16", "[models][large]") {
  const support::TemporaryFolder folder;
  if (support::skipped_without_sparse_files(folder.path(), std::uint64_t{160} << 30)) return;
  const CausalLmShape& shape = support::llama_2_70b;
  const SparseLlama model(shape, Type::f16, {0, shape.layers - 1});
  model.write_shards(folder.path() / "model", 15);
  std::uintmax_t bytes = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder.path() / "model"))
    bytes += file.file_size();
  CHECK(bytes > std::uintmax_t{128} << 30);
  check<FastBackend>(folder.path() / "model", model, shape);
}

TEST_CASE("the shape of Llama-2-13B runs in little memory", "[models][large]") {
  const support::TemporaryFolder folder;
  if (support::skipped_without_sparse_files(folder.path(), std::uint64_t{32} << 30)) return;
  const CausalLmShape& shape = support::llama_2_13b;
  const SparseLlama model(shape, Type::bf16, {0, shape.layers - 1});
  model.write_shards(folder.path() / "model", 3);
  check<FastBackend>(folder.path() / "model", model, shape);
}

TEMPLATE_TEST_CASE("the shape of Llama-2-7B runs in little memory", "[models][large]",
                   PAINTERS_TEST_BACKENDS) {
  const support::TemporaryFolder folder;
  if (support::skipped_without_sparse_files(folder.path(), std::uint64_t{32} << 30)) return;
  const CausalLmShape& shape = support::llama_2_7b;
  const SparseLlama model(shape, Type::q4_k, {0, shape.layers - 1});
  model.write_gguf(folder.path() / "model.gguf");
  check<TestType>(folder.path() / "model.gguf", model, shape);
}
