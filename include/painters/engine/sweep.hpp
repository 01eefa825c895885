// Runs many plans at once: every distinct application of a layer once, depth first, with few states
// alive at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <painters/engine/sweep_order.hpp>
#include <painters/pipeline/state.hpp>
#include <painters/plan/application_graph.hpp>

namespace painters::engine {

/// Where states wait while others are worked on: where they are.
struct WaitInMemory {
  /// sweep() keeps states that are over, for their memory.
  static constexpr bool reuses_memory = true;
  /// What a state that waits is brought back with.
  struct Ticket {};
  /// Leaves the state where it is.
  template <class S>
  Ticket set_aside(S&) const {
    return {};
  }
  /// It is there.
  template <class S>
  void bring_back(S&, Ticket) const {}
};

namespace detail {

template <StateLike S, class Apply, class OnEnd, class OnLast, class Wait>
class Sweep {
  using StateId = SweepOrder::StateId;

 public:
  Sweep(const SweepOrder& order, const Apply& apply, OnEnd& on_end, OnLast& on_last, Wait& wait)
      : order_(order),
        apply_(apply),
        on_end_(on_end),
        on_last_(on_last),
        wait_(wait),
        sums_(order.graph().size()) {}

  /// Makes all that follows from state `id`, whose value is x.
  void visit(StateId id, S value) {
    std::optional<S> x(std::move(value));
    while (true) {
      if (order_.is_end(id)) on_end_(id, std::as_const(*x));
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
        if (order_.is_last(calls[i])) {
          last_call(calls[i], std::as_const(*x));
        } else if (i + 1 < calls.size()) {
          S next = copy(*x);
          aside(x, [&] {
            call(calls[i], next);
            visit(calls[i], std::move(next));
          });
        }
      }
      if (goes_on_with_sum) {
        id = complete.back();
        x.emplace(take_sum(id));
      } else if (order_.is_last(calls.back())) {
        end(x);
        return;
      } else {
        id = calls.back();
        call(id, *x);
      }
    }
  }

 private:
  struct Sum {
    std::optional<S> value;  // set aside
    typename Wait::Ticket ticket{};
    std::uint32_t terms = 0;  // added so far
  };

  void call(StateId id, S& x) const {
    const ApplicationGraph::State& made = order_.graph()[id];
    apply_(made.layer, made.part, x);
  }

  void last_call(StateId id, const S& x) const {
    const ApplicationGraph::State& made = order_.graph()[id];
    on_last_(id, made.layer, made.part, x);
  }

  /// Does f while x, if there is one, waits.
  template <class F>
  void aside(std::optional<S>& x, const F& f) {
    typename Wait::Ticket ticket{};
    if (x) ticket = wait_.set_aside(*x);
    f();
    if (x) wait_.bring_back(*x, ticket);
  }

  /// Nothing more is made from x.
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
  const Apply& apply_;
  OnEnd& on_end_;
  OnLast& on_last_;
  Wait& wait_;
  std::vector<Sum> sums_;
  std::vector<S> spare_;  // states that are over, for their memory
};

/// A state that only counts how many there are.
class Counted {
 public:
  struct Count {
    std::size_t alive = 0, most = 0;
  };
  explicit Counted(Count& count) : count_(&count) { begin(); }
  Counted(const Counted& other) : count_(other.count_) { begin(); }
  Counted(Counted&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
  Counted& operator=(const Counted& other) {
    if (!count_) *this = Counted(other);  // otherwise one state takes the other's value
    return *this;
  }
  Counted& operator=(Counted&& other) noexcept {
    std::swap(count_, other.count_);
    return *this;
  }
  ~Counted() {
    if (count_) --count_->alive;
  }

  void set_aside() { --count_->alive; }
  void bring_back() { begin(); }

  friend void scale(Counted&, double) {}
  friend void add_scaled(Counted&, double, const Counted&) {}

 private:
  void begin() { count_->most = std::max(count_->most, ++count_->alive); }

  Count* count_;
};

/// States that wait elsewhere do not count.
struct WaitElsewhere {
  static constexpr bool reuses_memory = false;
  struct Ticket {};
  Ticket set_aside(Counted& x) const {
    x.set_aside();
    return {};
  }
  void bring_back(Counted& x, Ticket) const { x.bring_back(); }
};

}  // namespace detail

/// Makes the states of the order from x, the beginning: apply(layer, part, x) makes each call in
/// place. Every wanted state is reported once: those that nothing follows by on_last(id, layer,
/// part, x), with the call that makes them not yet made, so that only what is wanted of its result
/// need be computed; all others by on_end(id, x). What they throw ends the sweep.
///
/// `wait` is told of states that are not used for a while: set_aside(x) gives a ticket with which
/// bring_back(x, ticket) has to restore x before it is used again. One that holds them elsewhere
/// makes a sweep need two states at a time at most.
template <StateLike S, class Apply, class OnEnd, class OnLast, class Wait = WaitInMemory>
void sweep(const SweepOrder& order, S x, const Apply& apply, OnEnd&& on_end, OnLast&& on_last,
           Wait&& wait = {}) {
  detail::Sweep<S, Apply, std::remove_reference_t<OnEnd>, std::remove_reference_t<OnLast>,
                std::remove_reference_t<Wait>>(order, apply, on_end, on_last, wait)
      .visit(ApplicationGraph::beginning, std::move(x));
}

namespace detail {

template <class Wait>
std::size_t most_states(const SweepOrder& order, Wait wait) {
  Counted::Count count;
  sweep(
      order, Counted(count), [](std::uint32_t, Part, Counted&) {},
      [](SweepOrder::StateId, const Counted&) {},
      [](SweepOrder::StateId, std::uint32_t, Part, const Counted&) {}, wait);
  return count.most;
}

}  // namespace detail

/// How many states a sweep holds in memory at a time, those for reuse included.
inline std::size_t most_states(const SweepOrder& order) {
  return detail::most_states(order, WaitInMemory{});
}

/// The same if states that wait are held elsewhere.
inline std::size_t most_states_at_work(const SweepOrder& order) {
  return detail::most_states(order, detail::WaitElsewhere{});
}

}  // namespace painters::engine
