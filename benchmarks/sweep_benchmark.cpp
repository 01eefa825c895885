// What does a sweep save? Plans of the paper on the default model, each set one by one and all at
// once, on documents of LAMBADA (from PAINTERS_DATA_DIR, else the suite's own):
//
//   calls       applications of layers one by one, and distinct ones that the sweep makes
//   together    seconds at once
//   alone       seconds one by one: of a sample of the plans, scaled by their calls
//   saved       alone / together
//   of_counts   saved as a fraction of what the two counts promise
//
// papers_plans takes half an hour; without it: --benchmark_filter=-papers_plans. The others ask
// what is saved when the answers to a question share its text, what a bound on memory and the store
// cost, and how long the graph of the paper's whole set of plans takes to make and to put in order.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <painters/backend/onednn.hpp>
#include <painters/engine/encoding.hpp>
#include <painters/engine/score_missing.hpp>
#include <painters/engine/scorer.hpp>
#include <painters/engine/sweep.hpp>
#include <painters/models/causal_lm.hpp>
#include <painters/models/model_tokenizer.hpp>
#include <painters/plan/application_graph.hpp>
#include <painters/plan/paper_lists.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/queries.hpp>
#include <painters/tasks/read.hpp>

#include "../examples/support/default_model.hpp"

namespace {

using namespace painters;
using Backend = backend::OneDnn;
using Model = models::CausalLm<Backend>;
using Lists = std::vector<const char*>;

struct Setup {
  Backend backend;
  Model model{examples::require_default_model(), backend};

  std::vector<engine::TokenRequest> requests(const tasks::Task& task, const char* folder,
                                             std::size_t documents) const {
    const auto tokenizer =
        models::load_model_tokenizer(examples::require_default_model(), model.config().vocab_size);
    const std::filesystem::path data(PAINTERS_DATA_DIR);
    std::vector<engine::TokenRequest> all;
    for (const tasks::Document& document :
         tasks::read(task, data.empty() ? std::filesystem::path(PAINTERS_SUITE_DIR) : data / folder,
                     documents))
      for (const engine::Request& request : document.requests)
        all.push_back(engine::encode(tokenizer, request));
    return all;
  }

  std::vector<Plan> plans(const Lists& lists) const {
    std::vector<Plan> all;
    for (const char* list : lists)
      for (const std::string& text : plan_list(list, model.layers().size()))
        all.push_back(parse_plan(text, model.layers().size()));
    return all;
  }
};

void nothing(std::size_t, std::size_t, const engine::Score&) {}

template <class F>
double seconds(const F& f) {
  const auto start = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double calls_of(std::span<const Plan> plans) {
  double sum = 0;
  for (const Plan& plan : plans) sum += static_cast<double>(calls(plan));
  return sum;
}

/// Plans spread evenly over the list by their numbers of calls.
std::vector<Plan> sample(std::vector<Plan> plans, std::size_t count) {
  std::stable_sort(plans.begin(), plans.end(),
                   [](const Plan& a, const Plan& b) { return calls(a) < calls(b); });
  std::vector<Plan> some;
  for (std::size_t i = 0; i < std::min(count, plans.size()); ++i)
    some.push_back(plans[(2 * i + 1) * plans.size() / (2 * std::min(count, plans.size()))]);
  return some;
}

void at_once(benchmark::State& state, const Lists& lists, std::size_t documents,
             std::size_t sampled) {
  const Setup setup;
  const engine::Scorer scorer(setup.model);
  const auto requests = setup.requests(tasks::lambada_openai, "lambada", documents);
  const auto plans = setup.plans(lists);
  ApplicationGraph graph;
  for (const Plan& plan : plans) graph.add(plan);
  const std::vector<Plan> some = sample(plans, sampled);
  scorer.score(plans.front(), requests);  // converts weights to f32, makes primitives

  double alone = 0, together = 0;
  const auto one_by_one = [&](std::size_t first) {  // half of them before, half after the sweep
    for (std::size_t i = first; i < some.size(); i += 2)
      alone += seconds([&] { scorer.score(some[i], requests); });
  };
  for (auto _ : state) {
    one_by_one(0);
    together += seconds([&] { scorer.score(plans, requests); });
    one_by_one(1);
  }
  alone *= calls_of(plans) / calls_of(some);
  const double promised = calls_of(plans) / static_cast<double>(graph.applications());
  state.counters["calls"] = calls_of(plans);
  state.counters["distinct"] = static_cast<double>(graph.applications());
  state.counters["together"] = together;
  state.counters["alone"] = alone;
  state.counters["saved"] = alone / together;
  state.counters["of_counts"] = alone / together / promised;
}

void windows(benchmark::State& state) {
  at_once(state,
          {"skip-windows", "reverse-windows", "middle-repeat-windows", "looped-parallel-windows"},
          12, 60);
}
void single_layers(benchmark::State& state) { at_once(state, {"skip-one", "switch-two"}, 12, 59); }
void papers_plans_without_loops(benchmark::State& state) {
  at_once(state,
          {"skip-one", "switch-two", "skip-windows", "middle-repeat-windows", "reverse-windows",
           "parallel-windows", "looped-parallel-windows", "random-windows"},
          24, 30);
}
void papers_plans(benchmark::State& state) { at_once(state, {"paper"}, 24, 20); }

/// Answer choices with their question computed once, against each text by itself.
void answers(benchmark::State& state, const tasks::Task& task, const char* folder) {
  const Setup setup;
  const auto requests = setup.requests(task, folder, 30);
  const Plan plan = parse_plan("0..29");
  const auto run = [&](bool shares, double& tokens) {
    const engine::Scorer scorer(setup.model, {.tokens_per_pass = 16384,
                                              .sharing = shares ? engine::Sharing::beginnings
                                                                : engine::Sharing::equal_texts});
    return seconds([&] {
      scorer.score(plan, requests, [&](const engine::SweepProgress& now) { tokens = now.sharing; });
    });
  };
  double with = 0, without = 0, sharing = 1, one = 1;
  run(true, sharing);
  for (auto _ : state)
    for (int i = 0; i < 3; ++i) {
      with += run(true, sharing);
      without += run(false, one);
    }
  double tokens = 0;
  for (const engine::TokenRequest& request : requests)
    tokens += static_cast<double>(request.context.size() + request.continuation.size() - 1);
  state.counters["tokens"] = tokens;
  state.counters["distinct"] = tokens / sharing;
  state.counters["saved"] = without / with;
  state.counters["of_counts"] = without / with / sharing;
}
void answers_of_hellaswag(benchmark::State& state) {
  answers(state, tasks::hellaswag, "hellaswag");
}
void answers_of_arc(benchmark::State& state) {
  answers(state, tasks::arc_challenge, "arc/ARC-Challenge-test.hf.jsonl");
}

/// A sweep with as many bytes for its states, against one with no bound.
void memory(benchmark::State& state) {
  const Setup setup;
  const auto requests = setup.requests(tasks::lambada_openai, "lambada", 24);
  const auto plans = setup.plans({"looped-parallel-windows"});
  const engine::Scorer plenty(setup.model, {.tokens_per_pass = 16384});
  const engine::Scorer little(
      setup.model,
      {.tokens_per_pass = 16384, .memory = static_cast<std::size_t>(state.range(0)) << 20});
  plenty.score(plans.front(), requests);
  double with = 0, without = 0;
  for (auto _ : state) {
    without += seconds([&] { plenty.score(plans, requests); });
    with += seconds([&] { little.score(plans, requests); });
  }
  state.counters["times"] = with / without;
}

/// A sweep that keeps its scores against one that does not, and the same again from the store.
void store(benchmark::State& state) {
  const Setup setup;
  const auto requests = setup.requests(tasks::lambada_openai, "lambada", 24);
  const auto plans = setup.plans({"skip-windows", "skip-one"});
  const engine::Scorer scorer(setup.model);
  scorer.score(plans.front(), requests);
  const auto path = std::filesystem::temp_directory_path() /
                    ("painters-" + std::to_string(std::random_device{}()) + ".sqlite");
  const auto all = [](std::size_t, std::size_t) { return true; };
  const auto through_store = [&] {
    engine::StoreFile file(path);
    engine::ScoreStore scores(file, {"model", "model", "f32"}, engine::stored_plans(plans),
                              engine::stored_requests(requests));
    engine::score_missing(scorer, scores, plans, requests, all, nothing);
  };
  double with = 0, without = 0, again = 0;
  for (auto _ : state) {
    without += seconds([&] { scorer.score(plans, requests); });
    with += seconds(through_store);
    again += seconds(through_store);
    without += seconds([&] { scorer.score(plans, requests); });
    std::filesystem::remove(path);
    with += seconds(through_store);
  }
  std::filesystem::remove(path);
  state.counters["times"] = with / without;
  state.counters["again"] = again;
}

void graph_of_the_papers_plans(benchmark::State& state) {
  const auto layers = static_cast<std::size_t>(state.range(0));
  std::vector<Plan> plans;
  for (const std::string& text : plan_list("paper", layers))
    plans.push_back(parse_plan(text, layers));
  for (auto _ : state) {
    ApplicationGraph graph;
    std::vector<ApplicationGraph::StateId> ends;
    for (const Plan& plan : plans) ends.push_back(graph.add(plan));
    const engine::SweepOrder order(graph, ends);
    benchmark::DoNotOptimize(order.applications());
    state.counters["distinct"] = static_cast<double>(order.applications());
  }
}

BENCHMARK(windows)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);
BENCHMARK(single_layers)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);
BENCHMARK(papers_plans_without_loops)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);
BENCHMARK(papers_plans)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);
BENCHMARK(answers_of_hellaswag)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);
BENCHMARK(answers_of_arc)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);
BENCHMARK(memory)->Arg(256)->Arg(8)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);
BENCHMARK(store)->Unit(benchmark::kSecond)->UseRealTime()->Iterations(1);
BENCHMARK(graph_of_the_papers_plans)->Arg(32)->Arg(80)->Unit(benchmark::kMillisecond);

}  // namespace
