// The options that subcommands share.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <omp.h>
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <painters/plan/parse.hpp>
#include <painters/plan/plan.hpp>

#include "default_model.hpp"

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
  return model.empty() ? require_default_model() : std::filesystem::path(model);
}

/// --plan, any number of times.
inline CLI::Option* add_plan_option(CLI::App& command, std::vector<std::string>& plans) {
  return command
      .add_option("--plan", plans,
                  "An order of layers such as \"0..12, mean(13..19) x3, 20..29\" or "
                  "@skip(start=12); may be given many times")
      ->allow_extra_args(false)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

/// A plan as it was typed, and what it means for a model of some depth.
struct NamedPlan {
  std::string text;
  Plan plan;
};

/// Throws UsageError for a text that is no plan of a model with that many layers.
inline std::vector<NamedPlan> parse_plans(const std::vector<std::string>& texts,
                                          std::size_t layers) {
  std::vector<NamedPlan> plans;
  for (const std::string& text : texts) {
    try {
      plans.push_back({text, parse_plan(text, layers)});
    } catch (const UsageError& e) {
      throw UsageError("--plan \"" + text + "\": " + e.what());
    }
  }
  return plans;
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
