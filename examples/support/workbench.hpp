// What the research variants share: a model, some texts, and the scores of plans over them.
//
// Arguments of every program: [MODEL] [DOCUMENTS]; by default the default model and as many
// documents of the suite's LAMBADA as take seconds.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <painters/models.hpp>
#include <painters/tasks/document.hpp>
#include <painters/tasks/lambada.hpp>
#include <painters/tasks/read.hpp>

#include "default_model.hpp"

namespace painters::examples {

using Model = models::CausalLm<backend::Default>;

/// A plan with a name for the table.
struct Variant {
  std::string name;
  Plan plan;
};

/// A model with texts. Anything that scores plans can be built on scores().
class Workbench {
 public:
  Workbench(const std::filesystem::path& path, std::size_t documents)
      : model_(path, backend_),
        tokenizer_(models::load_model_tokenizer(path, model_.config().vocab_size)) {
    for (const tasks::Document& document :
         tasks::read(tasks::lambada_openai, PAINTERS_SUITE_DIR, documents))
      documents_.push_back(engine::encode(tokenizer_, document.requests.front()));
    for (const engine::TokenRequest& document : documents_) {
      texts_.push_back(document.context);
      texts_.back().insert(texts_.back().end(), document.continuation.begin(),
                           document.continuation.end());
    }
  }

  /// How many layers the model has.
  std::size_t layers() const { return model_.layers().size(); }
  /// The model's own.
  const text::Tokenizer& tokenizer() const { return tokenizer_; }
  /// The documents.
  const std::vector<text::Tokens>& texts() const { return texts_; }
  /// The same as requests for their last words.
  const std::vector<engine::TokenRequest>& documents() const { return documents_; }

  /// The score of every request under every plan: one sweep, in which plans share the calls that
  /// they begin with and requests the tokens that they begin with.
  engine::Scores scores(const std::vector<Plan>& plans,
                        const std::vector<engine::TokenRequest>& requests) const {
    return engine::Scorer(model_).score(plans, requests);
  }

  /// The mean log-likelihood of a token of the texts under each plan, in one sweep.
  std::vector<double> mean_loglikelihoods(const std::vector<Plan>& plans) const {
    std::vector<engine::TokenRequest> requests;  // all of a text after its first token
    for (const text::Tokens& text : texts_)
      requests.push_back({{text.front()}, {text.begin() + 1, text.end()}});
    const engine::Scores all = scores(plans, requests);
    std::vector<double> means;
    for (std::size_t plan = 0; plan < plans.size(); ++plan)
      means.push_back(mean(all.of_plan(plan)));
    return means;
  }

  /// The mean log-likelihood of a token.
  static double mean(std::span<const engine::Score> scores) {
    double sum = 0, tokens = 0;
    for (const engine::Score& score : scores) {
      sum += score.loglikelihood;
      tokens += static_cast<double>(score.tokens);
    }
    return sum / tokens;
  }

  /// Scores the variants and prints a line for each: the mean log-likelihood of a token, the name
  /// and the plan, cut short with ... where it is long; then the best of them. Returns the means.
  std::vector<double> print_table(const std::vector<Variant>& variants) const {
    std::vector<Plan> plans;
    for (const Variant& variant : variants) plans.push_back(variant.plan);
    const std::vector<double> means = mean_loglikelihoods(plans);
    std::cout << "   mean  variant                     plan\n"
              << std::fixed << std::setprecision(3);
    for (std::size_t i = 0; i < variants.size(); ++i) {
      std::string text = to_string(plans[i]);
      if (text.size() > 64) text.replace(text.rfind(',', 60), text.npos, ", ...");
      std::cout << std::setw(7) << means[i] << "  " << std::left << std::setw(28)
                << variants[i].name << std::right << text << "\n";
    }
    const auto best = std::max_element(means.begin(), means.end()) - means.begin();
    std::cout << "best: " << variants[static_cast<std::size_t>(best)].name << "\n";
    return means;
  }

 private:
  backend::Default backend_;
  Model model_;
  text::Tokenizer tokenizer_;
  std::vector<engine::TokenRequest> documents_;
  std::vector<text::Tokens> texts_;
};

namespace detail {

struct Arguments {
  std::filesystem::path model;  // empty for the default model
  std::size_t documents;
};

/// In either order: a number says how many documents, anything else names a model.
inline Arguments read_arguments(int argc, char** argv, std::size_t documents) {
  Arguments arguments{{}, documents};
  for (int i = 1; i < argc; ++i) {
    const std::string_view text = argv[i];
    const char* const end = text.data() + text.size();
    std::size_t number = 0;
    const auto [read, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc() && read == end && number > 0)
      arguments.documents = number;
    else if (arguments.model.empty() && read != end && !text.starts_with('-'))
      arguments.model = text;
    else
      throw UsageError("expected [MODEL] [DOCUMENTS], a model and at least one document, found \"" +
                       std::string(text) + "\"");
  }
  return arguments;
}

}  // namespace detail

/// main() of a program: f(workbench) with the model and as many documents as the arguments say.
/// Exit codes are those of the program painters, and 77 where the default model is not there.
template <class F>
int run_on_texts(int argc, char** argv, std::size_t documents, const F& f) {
  try {
    auto [model, count] = detail::read_arguments(argc, argv, documents);
    if (model.empty() && !std::filesystem::exists(model = default_model())) {
      std::cout << "skipped: the default model is not there; fetch it with cmake/fetch_model.sh or "
                   "name another as argument\n";
      return 77;
    }
    f(Workbench(model, count));
    return 0;
  } catch (const UsageError& e) {
    std::cerr << e.what() << std::endl;
    return 2;
  } catch (const std::exception& e) {
    std::cerr << e.what() << std::endl;
    return 1;
  }
}

}  // namespace painters::examples
