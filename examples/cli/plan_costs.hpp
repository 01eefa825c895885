// What plans cost for a model of some shape, on this machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <painters/engine/layer_rate.hpp>
#include <painters/engine/store_keys.hpp>
#include <painters/models/flops.hpp>
#include <painters/models/known_shapes.hpp>
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

/// A known shape, texts to run through it, and how fast this machine does.
class PlanCosts {
 public:
  /// Measures. Throws UsageError if there is no shape of that name.
  PlanCosts(std::string name, const models::Workload& work)
      : name_(std::move(name)),
        shape_(models::known_shape(name_)),
        work_(work),
        rate_(measure_machine(shape_, work)) {}

  /// Of one call.
  Cost call(Part part = whole) const {
    return {models::flops(shape_, work_, part), rate_.seconds(shape_, work_, part)};
  }
  /// Of every call of a plan.
  Cost plan(PlanView plan) const {
    return sum_over_calls(plan, [&](std::uint32_t, Part part) { return call(part); });
  }
  /// Of what a graph computes, each thing once.
  Cost graph(const ApplicationGraph& graph) const {
    return graph.sum_over_applications([&](std::uint32_t, Part part) { return call(part); });
  }

  /// Lines about the model, the texts and the machine.
  std::string basis() const {
    const double all = static_cast<double>(models::parameters(shape_));
    std::string text = fmt::format(
        "model   {}: {} parameters, {} in F16\n"
        "texts   {} tokens in texts of {}: {} a call of a layer\n"
        "speed   {}, measured now with {} thread{}\n"
        "        ({})\n",
        name_, count_text(all), bytes_text(bytes(models::parameters(shape_))), work_.tokens,
        work_.tokens_per_text, flops_text(call().flops), flops_text(flops_per_second(), true),
        run_.threads, run_.threads == 1 ? "" : "s", run_.backend);
    if (const double opening = rate_.opening(shape_, work_); opening > 0.01 * call().seconds)
      text += fmt::format("weights {} of a call to read them and make them f32\n",
                          estimate_text(opening));
    return text;
  }

  /// Lines about what basis and costs leave out.
  std::string left_out() const {
    const double memory = static_cast<double>(machine_memory());
    const double all = bytes(models::parameters(shape_));
    const std::string head = flops_text(models::head_flops(shape_));
    std::string text =
        shape_.head == models::Head::pooler
            ? fmt::format("without the pooler ({} for each text)\n", head)
            : fmt::format("without the head ({} for each token whose logits are needed)\n", head);
    if (all > memory)
      text += fmt::format(
          "        and reading weights from disk, {} for each call: {} are more\n"
          "        than the {} of memory\n",
          bytes_text(bytes(models::layer_parameters(shape_))), bytes_text(all), bytes_text(memory));
    return text;
  }

  /// All numbers but those of plans.
  nlohmann::json json() const {
    return {{"model_shape",
             {{"name", name_},
              {"num_hidden_layers", shape_.num_hidden_layers},
              {"hidden_size", shape_.hidden_size},
              {"intermediate_size", shape_.intermediate_size},
              {"num_attention_heads", shape_.num_attention_heads},
              {"num_key_value_heads", shape_.num_key_value_heads},
              {"head_dim", shape_.head_dim},
              {"vocab_size", shape_.vocab_size},
              {"parameters", models::parameters(shape_)},
              {"layer_parameters", models::layer_parameters(shape_)}}},
            {"tokens", work_.tokens},
            {"tokens_per_text", work_.tokens_per_text},
            {"flops_of_a_call", call().flops},
            {"seconds_of_a_call", call().seconds},
            {"flops_of_the_head", models::head_flops(shape_)},
            {"measured",
             {{"flops_per_second", flops_per_second()},
              {"attention_flops_per_second", rate_.attention},
              {"ffn_flops_per_second", rate_.ffn},
              {"seconds_of_a_call_for_weights", rate_.opening(shape_, work_)},
              {"threads", run_.threads},
              {"backend", run_.backend}}}};
  }

 private:
  static double bytes(std::size_t parameters) {
    return static_cast<double>(models::weight_bytes(parameters, tensor::ElementType::f16));
  }
  double flops_per_second() const { return call().flops / rate_.computing(shape_, work_); }

  std::string name_;
  models::ModelShape shape_;
  models::Workload work_;
  engine::LayerRate rate_;
  engine::Run run_ = default_run();
};

}  // namespace painters::cli
