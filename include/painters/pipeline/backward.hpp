// Training through a plan: forward() runs it and records what backward() needs, for every executed
// call; backward() goes through the record from its end. Gradients of a layer that was called
// several times add up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <painters/error.hpp>
#include <painters/pipeline/concepts.hpp>
#include <painters/pipeline/cursor.hpp>
#include <painters/pipeline/executor.hpp>
#include <painters/pipeline/fit.hpp>
#include <painters/pipeline/group_states.hpp>
#include <painters/pipeline/require.hpp>
#include <painters/pipeline/slot.hpp>
#include <painters/plan/node.hpp>
#include <string>
#include <vector>

namespace painters {

namespace pipeline_detail {

/// A step of a recorded run.
struct Step {
  WalkStep kind = WalkStep::call;
  CallSite site;               // call
  std::uint32_t branches = 0;  // groups
  double keep = 0;             // groups: the share of the start in the result
  double coefficient = 0;      // branches
};

template <class Net, class State>
class Forward;
template <class Net, class State>
class Backward;

}  // namespace pipeline_detail

/// The record of one forward pass. Using it again replaces what it holds.
class Tapes {
 public:
  /// How many layers the network had; 0 until a forward pass has reached its end.
  std::size_t layers() const { return layers_; }

 private:
  template <class Net, class State>
  friend class pipeline_detail::Forward;
  template <class Net, class State>
  friend class pipeline_detail::Backward;

  std::vector<pipeline_detail::Step> steps_;
  std::vector<Slot> tapes_;  // by number of the call
  std::size_t layers_ = 0;
};

/// The gradients of a network's parameters, one slot for each layer. An empty slot stands for zero.
class Gradients {
 public:
  /// Empty slots for a network of `layers` layers.
  explicit Gradients(std::size_t layers) : slots_(layers) {}

  std::size_t size() const { return slots_.size(); }
  /// The slot of layer i, read with get<L::Gradients>(); empty if no call has reached the layer.
  Slot& operator[](std::size_t i) { return slots_[i]; }
  /// The slot of layer i.
  const Slot& operator[](std::size_t i) const { return slots_[i]; }

 private:
  std::vector<Slot> slots_;
};

namespace pipeline_detail {

[[noreturn]] inline void not_differentiable(const CallSite& site) {
  throw UsageError(
      "the plan calls part " + std::to_string(site.part) + " of layer " +
      std::to_string(site.layer) +
      ", whose parts have no forward and backward of their own: train with the whole layer");
}

template <class State>
struct ForwardCall {
  const CallSite& site;
  State& x;
  Slot& tape;

  template <class L>
  void operator()(const L& layer) const {
    static_assert(require_layer<L, State, Given::tape>());
    if constexpr (DifferentiableLayer<L, State>) {
      auto& record = tape.get<typename L::Tape>();
      if (site.part == whole)
        layer.forward(x, record);
      else if constexpr (DifferentiableParts<L, State>)
        layer.forward(site.part, x, record);
      else
        not_differentiable(site);
    }
  }
};

template <class State>
struct BackwardCall {
  const CallSite& site;
  State& dx;
  const Slot& tape;
  Slot& gradients;

  template <class L>
  void operator()(const L& layer) const {
    static_assert(
        DifferentiableLayer<L, State>,
        "painters: this layer has no backward(dx, tape, gradients) for this type of dx: a "
        "gradient has the type of the state that forward() ran on");
    if constexpr (DifferentiableLayer<L, State>) {
      const auto& record = tape.get<typename L::Tape>();
      auto& sum = gradients.get<typename L::Gradients>();
      if (site.part == whole)
        layer.backward(dx, record, sum);
      else if constexpr (DifferentiableParts<L, State>)
        layer.backward(site.part, dx, record, sum);
    }
  }
};

/// Makes the calls of a run and, as its hooks, records them.
template <class Net, class State>
class Forward {
 public:
  Forward(const Net& net, Tapes& tapes) : net_(net), tapes_(tapes) {
    tapes.steps_.clear();
    tapes.tapes_.clear();
    tapes.layers_ = 0;
  }
  void finish() { tapes_.layers_ = net_.size(); }

  void before_call(const CallSite& site, State&) {
    tapes_.steps_.push_back({WalkStep::call, site, 0, 0, 0});
  }
  void begin_group(const GroupSite& site, State&) { group(WalkStep::begin_group, site); }
  void end_group(const GroupSite& site, State&) { group(WalkStep::end_group, site); }
  void begin_branch(const BranchSite& site, State&) { branch(WalkStep::begin_branch, site); }
  void end_branch(const BranchSite& site, State&) { branch(WalkStep::end_branch, site); }

  void operator()(const CallSite& site, State& x) const {
    net_.visit(site.layer, ForwardCall<State>{site, x, tapes_.tapes_.emplace_back()});
  }

 private:
  void group(WalkStep kind, const GroupSite& site) {
    tapes_.steps_.push_back({kind, {}, site.branches, site.keep, 0});
  }
  void branch(WalkStep kind, const BranchSite& site) {
    tapes_.steps_.push_back({kind, {}, 0, 0, site.coefficient});
  }

  const Net& net_;
  Tapes& tapes_;
};

/// Goes through the record from its end. A group's result keep * h + sum_i c_i f_i(h) has the
/// gradient keep * dy + sum_i J_i^T (c_i dy), so each branch begins with its coefficient's share.
/// Nothing goes back through a branch whose coefficient is 0.
template <class Net, class State>
class Backward {
 public:
  static void run(const Net& net, const Tapes& tapes, State& dx, Gradients& gradients) {
    GroupStates<State> groups;
    for (std::size_t i = tapes.steps_.size(); i-- > 0;) {
      const Step& step = tapes.steps_[i];
      switch (step.kind) {
        case WalkStep::call:
          net.visit(step.site.layer,
                    BackwardCall<State>{step.site, dx, tapes.tapes_[step.site.number],
                                        gradients[step.site.layer]});
          break;
        case WalkStep::end_group:
          groups.begin_group(step.branches, step.keep, dx);
          break;
        case WalkStep::end_branch:
          if (step.coefficient == 0) {
            i = begin_of_branch(tapes.steps_, i);
            groups.end_branch(0, dx);
          } else {
            groups.begin_branch(step.coefficient, dx);
          }
          break;
        case WalkStep::begin_branch:
          groups.end_branch(1, dx);
          break;
        case WalkStep::begin_group:
          groups.end_group(dx);
          break;
        case WalkStep::none:
          break;
      }
    }
  }

 private:
  /// The step at which the branch that ends at step `end` begins.
  static std::size_t begin_of_branch(const std::vector<Step>& steps, std::size_t end) {
    std::size_t i = end;
    for (std::size_t open = 1; open > 0;) {
      --i;
      if (steps[i].kind == WalkStep::end_branch) ++open;
      if (steps[i].kind == WalkStep::begin_branch) --open;
    }
    return i;
  }
};

}  // namespace pipeline_detail

/// Runs `plan` over x and records it in `tapes`. Throws as run() does.
template <class Net, class S>
void forward(PlanView plan, const Net& net, S& x, Tapes& tapes) {
  static_assert(pipeline_detail::require_types<Net, S, pipeline_detail::Given::tape>(
      pipeline_detail::layer_types<Net>()));
  check_fit(plan, net);
  pipeline_detail::Forward<Net, S> recorder(net, tapes);
  execute(plan, x, recorder, recorder);
  recorder.finish();
}

/// Takes in dx the gradient of a number with respect to the state after the run that `tapes`
/// recorded, turns it into the gradient with respect to the state before that run, and adds the
/// gradients with respect to the layers' parameters to `gradients`. The network must not have
/// changed. Throws UsageError if the tapes hold no finished run over as many layers, or if there
/// are not as many gradients.
template <class Net, class S>
void backward(const Net& net, const Tapes& tapes, S& dx, Gradients& gradients) {
  static_assert(pipeline_detail::require_types<Net, S, pipeline_detail::Given::gradient>(
      pipeline_detail::layer_types<Net>()));
  if (gradients.size() != net.size())
    throw UsageError("the network has " + std::to_string(net.size()) +
                     " layers, but there are gradients for " + std::to_string(gradients.size()) +
                     ": make them with Gradients(net.size())");
  if (tapes.layers() != net.size())
    throw UsageError("the tapes were expected to hold a run over " + std::to_string(net.size()) +
                     " layers, found " +
                     (tapes.layers() == 0 ? "no run that reached its end"
                                          : "one over " + std::to_string(tapes.layers())) +
                     ": call forward(plan, net, x, tapes) first");
  pipeline_detail::Backward<Net, S>::run(net, tapes, dx, gradients);
}

}  // namespace painters
