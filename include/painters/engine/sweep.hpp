// Runs many plans at once: every distinct application of a layer once, depth first, with few states
// alive at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <painters/engine/sweep_order.hpp>
#include <painters/pipeline/state.hpp>
#include <painters/pipeline/walk.hpp>
#include <painters/plan/application_graph.hpp>

namespace painters::engine {

/// Leaves states where they are while others are worked on.
struct WaitInMemory {
  /// sweep() keeps finished states to reuse their memory.
  static constexpr bool reuses_memory = true;
  /// What a state that waits is brought back with.
  struct Ticket {};
  /// Does nothing: the state stays where it is.
  template <class S>
  Ticket set_aside(S&) const {
    return {};
  }
  /// Does nothing: the state is there.
  template <class S>
  void bring_back(S&, Ticket) const {}
};

/// The layer and part that give state `id`, which is neither the beginning nor a combination.
inline CallSite site_of(const ApplicationGraph& graph, ApplicationGraph::StateId id) {
  return {.layer = graph[id].layer, .part = graph[id].part};
}

namespace detail {

template <StateLike S, class Visitor, class Wait>
class Sweep {
  using StateId = SweepOrder::StateId;

 public:
  Sweep(const SweepOrder& order, Visitor& visitor, Wait& wait)
      : order_(order), visitor_(visitor), wait_(wait), sums_(order.graph().size()) {}

  /// Makes all that follows from state `id`, which has this value.
  void visit(StateId id, S value) {
    std::optional<S> x(std::move(value));
    while (true) {
      if (order_.is_wanted(id)) visitor_.on_state(id, std::as_const(*x));
      const std::span<const StateId> calls = order_.calls(id);
      const std::vector<StateId> complete = add_to_sums(id, x, calls.empty());
      if (calls.empty()) {
        end(x);
        if (complete.empty()) return;
      }
      const bool goes_on_with_sum = calls.empty();
      for (std::size_t i = 0; i + goes_on_with_sum < complete.size(); ++i)
        aside(x, [&] { visit(complete[i], take_sum(complete[i])); });
      for (std::size_t i = 0; i < calls.size(); ++i) {
        if (order_.is_apart(calls[i])) {
          last_call(calls[i], std::as_const(*x));
        } else if (i + 1 < calls.size()) {
          S next = copy(*x);
          aside(x, [&] {
            visitor_.apply(calls[i], next);
            visit(calls[i], std::move(next));
          });
        }
      }
      if (goes_on_with_sum) {
        id = complete.back();
        x.emplace(take_sum(id));
      } else if (order_.is_apart(calls.back())) {
        end(x);
        return;
      } else {
        id = calls.back();
        visitor_.apply(id, *x);
      }
    }
  }

 private:
  struct Sum {
    std::optional<S> value;  // set aside
    typename Wait::Ticket ticket{};
    std::uint32_t terms = 0;  // added so far
  };

  void last_call(StateId id, const S& x) {
    if constexpr (requires { visitor_.on_last(id, x); }) visitor_.on_last(id, x);
  }

  /// Does f while x, if there is one, waits.
  template <class F>
  void aside(std::optional<S>& x, const F& f) {
    typename Wait::Ticket ticket{};
    if (x) ticket = wait_.set_aside(*x);
    f();
    if (x) wait_.bring_back(*x, ticket);
  }

  /// Ends x: nothing more is made from it.
  void end(std::optional<S>& x) {
    if (x && Wait::reuses_memory) spare_.push_back(std::move(*x));
    x.reset();
  }

  S copy(const S& x) {
    if (spare_.empty()) return x;
    S result = std::move(spare_.back());
    spare_.pop_back();
    result = x;
    return result;
  }

  /// Adds x to the combinations that it is a term of and says which of them are complete. The last
  /// one takes x itself if nothing else needs it.
  std::vector<StateId> add_to_sums(StateId id, std::optional<S>& x, bool is_last_use) {
    std::vector<StateId> complete;
    const auto sums = order_.sums(id);
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const auto [sum, coefficient] = sums[i];
      Sum& at = sums_[sum];
      if (at.value) {
        wait_.bring_back(*at.value, at.ticket);
        add_scaled(*at.value, coefficient, *x);
      } else {
        const bool take = is_last_use && i + 1 == sums.size();
        at.value.emplace(take ? std::move(*x) : copy(*x));
        if (take) x.reset();
        scale(*at.value, coefficient);
      }
      at.ticket = wait_.set_aside(*at.value);
      if (++at.terms == order_.graph().terms(sum).size()) complete.push_back(sum);
    }
    return complete;
  }

  S take_sum(StateId sum) {
    wait_.bring_back(*sums_[sum].value, sums_[sum].ticket);
    S value = std::move(*sums_[sum].value);
    sums_[sum].value.reset();
    return value;
  }

  const SweepOrder& order_;
  Visitor& visitor_;
  Wait& wait_;
  std::vector<Sum> sums_;
  std::vector<S> spare_;  // finished states, for their memory
};

}  // namespace detail

/// Makes the states of the order from x, the beginning, with a visitor that has
///
///   apply(id, x)      makes the call that gives state `id` from x, in place; see site_of
///   on_state(id, x)   a wanted state, const
///   on_last(id, x)    the same for the calls that the order sets apart: x, const, is the input of
///                     the call, so that only what is wanted of its result need be computed
///
/// Every wanted state is reported once. What a visitor throws ends the sweep.
///
/// `wait` takes care of states that are not used for a while: set_aside(x) gives a ticket with
/// which bring_back(x, ticket) has to restore x before it is used again. With a `wait` that holds
/// them elsewhere a sweep needs at most two states at a time.
template <StateLike S, class Visitor, class Wait = WaitInMemory>
void sweep(const SweepOrder& order, S x, Visitor&& visitor, Wait&& wait = {}) {
  detail::Sweep<S, std::remove_reference_t<Visitor>, std::remove_reference_t<Wait>>(order, visitor,
                                                                                    wait)
      .visit(ApplicationGraph::beginning, std::move(x));
}

}  // namespace painters::engine
