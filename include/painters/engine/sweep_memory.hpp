// How many states a sweep holds at a time, counted by a sweep whose states only count themselves.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

#include <painters/engine/sweep.hpp>
#include <painters/engine/sweep_order.hpp>

namespace painters::engine {

namespace detail {

/// A state that does nothing but count how many there are.
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

/// A visitor that makes no calls.
struct CountStates {
  void apply(SweepOrder::StateId, Counted&) const {}
  void on_state(SweepOrder::StateId, const Counted&) const {}
  void on_last(SweepOrder::StateId, const Counted&) const {}
};

/// States wait elsewhere and do not count.
struct WaitElsewhere {
  static constexpr bool reuses_memory = false;
  struct Ticket {};
  Ticket set_aside(Counted& x) const {
    x.set_aside();
    return {};
  }
  void bring_back(Counted& x, Ticket) const { x.bring_back(); }
};

template <class Wait>
std::size_t most_states(const SweepOrder& order, Wait wait) {
  Counted::Count count;
  sweep(order, Counted(count), CountStates{}, wait);
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
