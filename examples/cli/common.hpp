// The options that subcommands share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <omp.h>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <painters/backend/built_in.hpp>
#include <painters/front/loaded_model.hpp>
#include <painters/plan/paper_lists.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/plan.hpp>
#include <painters/text/python_text.hpp>

#include "../support/default_model.hpp"

namespace painters::cli {

/// --model; empty stands for the default model.
inline void add_model_option(CLI::App& command, std::string& model) {
  command.add_option(
      "--model", model,
      "A .gguf file or a folder with config.json and safetensors (default: the model "
      "that set-up fetched)");
}

/// The model to load: what --model says, or the default model.
inline std::filesystem::path model_path(const std::string& model) {
  return model.empty() ? examples::require_default_model() : std::filesystem::path(model);
}

/// What --plan and --plans ask for.
struct PlanOptions {
  std::vector<std::string> texts;
  std::vector<std::string> lists;
};

/// --plan and --plans, any number of times.
inline void add_plan_options(CLI::App& command, PlanOptions& options) {
  const auto many = [](CLI::Option* option) {
    option->allow_extra_args(false)->expected(1)->multi_option_policy(
        CLI::MultiOptionPolicy::TakeAll);
  };
  many(command.add_option("--plan", options.texts,
                          "An order of layers such as \"0..12, mean(13..19) x3, 20..29\" or "
                          "@skip(start=12); may be given many times"));
  std::string names;
  for (const PlanList& list : plan_lists)
    names += fmt::format("\n  {:<24} {}", list.name, list.meaning);
  many(command.add_option(
      "--plans", options.lists,
      "A file with a plan on every line, or a list of this name; may be given many times:" +
          names));
}

/// The texts of a file of plans, one a line; empty lines and what follows a # are ignored.
inline std::vector<std::string> read_plan_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<std::string> texts;
  for (std::string line; std::getline(file, line);) {
    line.erase(std::find(line.begin(), line.end(), '#'), line.end());
    const auto text = text::strip(line);
    if (!text.empty()) texts.emplace_back(text);
  }
  if (file.bad() || texts.empty())
    throw Error("expected a file with a plan on every line at " + path.string() + ", found none");
  return texts;
}

/// A plan as it was typed, and what it means for a model of some depth.
struct NamedPlan {
  std::string text;
  Plan plan;
};

/// All plans that were asked for, those of --plan first. Throws UsageError for a text that is no
/// plan of a model with that many layers and for a name that is neither a list nor a file.
inline std::vector<NamedPlan> parse_plans(const PlanOptions& options, std::size_t layers) {
  std::vector<NamedPlan> plans;
  const auto add = [&](const std::string& text, const std::string& place) {
    try {
      plans.push_back({text, parse_plan(text, layers)});
    } catch (const UsageError& e) {
      throw UsageError(place + " \"" + text + "\": " + e.what());
    }
  };
  for (const std::string& text : options.texts) add(text, "--plan");
  for (const std::string& list : options.lists) {
    std::error_code error;
    const bool is_file = std::filesystem::exists(list, error);
    for (const std::string& text : is_file ? read_plan_file(list) : plan_list(list, layers))
      add(text, is_file ? list + ":" : "--plans " + list + ":");
  }
  return plans;
}

/// --ignore-sliding-window.
inline void add_window_option(CLI::App& command, ModelOptions& options) {
  command.add_flag("--ignore-sliding-window", options.ignores_sliding_window,
                   "Let tokens see all tokens before them where the model was made with a sliding "
                   "window, as the code of the paper does for Mistral");
}

/// --weights-memory, in bytes.
inline void add_weights_memory_option(CLI::App& command, std::size_t& memory) {
  command
      .add_option(
          "--weights-memory", memory,
          "Memory for weights in f32, such as 0 or 4GB (default: an eighth of the machine's "
          "memory, at least 640MB); the others are made anew from the file for each call of "
          "a layer, with the same results, so that any model runs")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(std::size_t{0}, std::size_t{1} << 50));
}

/// --backend and --precision.
inline void add_backend_options(CLI::App& command, backend::Choice& choice) {
  const auto names = backend::built_in_names();
  command.add_option("--backend", choice.backend,
                     fmt::format("The backend that computes: {} (default: {})",
                                 fmt::join(names, " or "), names.front()));
  std::string precisions;
  std::apply(
      [&](const auto&... rows) {
        ((precisions += fmt::format("\n  {:<12} {}", rows.name, fmt::join(rows.precisions, ", "))),
         ...);
      },
      backend::built_in);
  command.add_option(
      "--precision", choice.precision,
      "The precision of the arithmetic (default: the backend's first):" + precisions);
}

/// --ignore-unknown.
inline void add_ignored_option(CLI::App& command, ModelOptions& options) {
  command
      .add_option("--ignore-unknown", options.ignored,
                  "A metadata key or a tensor of a GGUF file that is refused because it may change "
                  "what the model computes, to run it as if that were not there; may be repeated")
      ->type_name("KEY")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

/// --backend, --precision, --memory, --weights-memory, --ignore-sliding-window and
/// --ignore-unknown.
inline void add_model_options(CLI::App& command, ModelOptions& options) {
  add_backend_options(command, options.backend);
  command
      .add_option(
          "--memory", options.memory,
          "Memory for states and what layers need, besides the weights, such as 256MB or 2GB "
          "(default: 256MB); with little of it passes get smaller, and states wait on disk")
      ->transform(CLI::AsSizeValue(false))
      ->check(CLI::Range(std::size_t{1} << 20, std::size_t{1} << 50));
  add_weights_memory_option(command, options.weights_memory);
  add_window_option(command, options);
  add_ignored_option(command, options);
}

/// --threads, in effect as soon as it is read.
inline void add_threads_option(CLI::App& command) {
  command
      .add_option_function<int>(
          "--threads", [](int threads) { omp_set_num_threads(threads); },
          "How many threads compute (default: all cores)")
      ->check(CLI::Range(1, 1024));
}

/// --format text or json.
inline void add_format_option(CLI::App& command, bool& json) {
  command
      .add_option_function<std::string>(
          "--format", [&json](const std::string& format) { json = format == "json"; },
          "text for people, json for programs (default: text)")
      ->check(CLI::IsMember({"text", "json"}));
}

}  // namespace painters::cli
