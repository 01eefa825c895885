// What plans cost for a model, known by name or from its file, on this machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <painters/engine/layer_rate.hpp>
#include <painters/engine/store_keys.hpp>
#include <painters/machine_limits.hpp>
#include <painters/models/flops.hpp>
#include <painters/models/model_shape.hpp>
#include <painters/plan/application_graph.hpp>
#include <painters/plan/node.hpp>
#include <painters/plan/queries.hpp>
#include <painters/tensor/element_type.hpp>

#include "machine.hpp"
#include "units.hpp"

namespace painters::cli {

/// FLOPs and seconds of layer calls.
struct Cost {
  double flops = 0, seconds = 0;

  Cost& operator+=(const Cost& more) {
    flops += more.flops;
    seconds += more.seconds;
    return *this;
  }
  friend Cost operator*(std::uint32_t times, const Cost& cost) {
    return {times * cost.flops, times * cost.seconds};
  }
};

/// A model's layers, texts to run through them, and how fast this machine does that.
class PlanCosts {
 public:
  /// `layers`: a shape for each layer; they differ in nothing but the window. Measures each window.
  PlanCosts(std::string name, std::vector<models::ModelShape> layers, const models::Workload& work)
      : name_(std::move(name)), layers_(std::move(layers)), work_(work) {
    for (const models::ModelShape& layer : layers_)
      if (!rates_.contains(layer.sliding_window))
        rates_.emplace(layer.sliding_window, measure_machine(layer, work_));
  }

  /// The cost of one call.
  Cost call(std::uint32_t layer, Part part = whole) const {
    const models::ModelShape& shape = layers_.at(layer);
    return {models::flops(shape, work_, part),
            rates_.at(shape.sliding_window).seconds(shape, work_, part)};
  }
  /// The cost of all calls of a plan.
  Cost plan(PlanView plan) const {
    return sum_over_calls(plan, [&](std::uint32_t layer, Part part) { return call(layer, part); });
  }
  /// The cost of every application in a graph, each computed once.
  Cost graph(const ApplicationGraph& graph) const {
    return graph.sum_over_applications(
        [&](std::uint32_t layer, Part part) { return call(layer, part); });
  }

  /// Lines about the model, the texts and the machine.
  std::string basis() const {
    const double all = static_cast<double>(models::parameters(shape()));
    const Cost mean = mean_call();
    std::string text = fmt::format(
        "model   {}: {} parameters, {} in F16\n"
        "texts   {} tokens in texts of {}: {} a call of a layer{}\n"
        "speed   {}, measured now with {} thread{}\n"
        "        ({})\n",
        name_, count_text(all), bytes_text(bytes(models::parameters(shape()))), work_.tokens,
        work_.tokens_per_text, flops_text(mean.flops), rates_.size() == 1 ? "" : " on average",
        flops_text(flops_per_second(), true), run_.threads, run_.threads == 1 ? "" : "s",
        run_.backend);
    if (const double opening = rate().opening(shape(), work_); opening > 0.01 * mean.seconds)
      text += fmt::format("weights {} of a call to read them and make them f32\n",
                          estimate_text(opening));
    return text;
  }

  /// Lines about what the costs leave out.
  std::string left_out() const {
    const double memory = static_cast<double>(machine_memory());
    const double all = bytes(models::parameters(shape()));
    const std::string head = flops_text(models::head_flops(shape()));
    std::string text;
    if (shape().head != models::Head::none)
      text = fmt::format("without the head ({} for each token whose logits are needed)\n", head);
    else if (shape().pooler)
      text = fmt::format("without the pooler{} ({} for each text)\n",
                         shape().num_labels > 0 ? " and the classifier" : "", head);
    if (all > memory)
      text += fmt::format(
          "        and reading weights from disk, {} for each call: {} are more\n"
          "        than the {} of memory\n",
          bytes_text(bytes(models::layer_parameters(shape()))), bytes_text(all),
          bytes_text(memory));
    return text;
  }

  /// All numbers but those of plans.
  nlohmann::json json() const {
    return {{"model_shape",
             {{"name", name_},
              {"num_hidden_layers", shape().num_hidden_layers},
              {"hidden_size", shape().hidden_size},
              {"intermediate_size", shape().intermediate_size},
              {"num_attention_heads", shape().num_attention_heads},
              {"num_key_value_heads", shape().num_key_value_heads},
              {"head_dim", shape().head_dim},
              {"vocab_size", shape().vocab_size},
              {"parameters", models::parameters(shape())},
              {"layer_parameters", models::layer_parameters(shape())}}},
            {"tokens", work_.tokens},
            {"tokens_per_text", work_.tokens_per_text},
            {"flops_of_a_call", mean_call().flops},
            {"seconds_of_a_call", mean_call().seconds},
            {"flops_of_the_head", models::head_flops(shape())},
            {"measured",
             {{"flops_per_second", flops_per_second()},
              {"attention_flops_per_second", rate().attention},
              {"ffn_flops_per_second", rate().ffn},
              {"seconds_of_a_call_for_weights", rate().opening(shape(), work_)},
              {"threads", run_.threads},
              {"backend", run_.backend}}}};
  }

 private:
  static double bytes(std::size_t parameters) {
    return static_cast<double>(models::weight_bytes(parameters, tensor::ElementType::f16));
  }
  /// Any of the layers, for what they have in common.
  const models::ModelShape& shape() const { return layers_.front(); }
  const engine::LayerRate& rate() const { return rates_.at(shape().sliding_window); }
  /// The mean cost of a call over all layers.
  Cost mean_call() const {
    Cost sum;
    for (std::uint32_t layer = 0; layer < layers_.size(); ++layer) sum += call(layer);
    const auto layers = static_cast<double>(layers_.size());
    return {sum.flops / layers, sum.seconds / layers};
  }
  double flops_per_second() const {
    double seconds = 0;
    for (const models::ModelShape& layer : layers_)
      seconds += rates_.at(layer.sliding_window).computing(layer, work_);
    return mean_call().flops * static_cast<double>(layers_.size()) / seconds;
  }

  std::string name_;
  std::vector<models::ModelShape> layers_;
  models::Workload work_;
  std::map<std::size_t, engine::LayerRate> rates_;  // by sliding window
  engine::Run run_ = default_run();
};

}  // namespace painters::cli
