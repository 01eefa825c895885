// Brings hooks on values within blocks to a run: an object that run() takes as its hooks.
//
//   layers::HookedCalls<B> calls(hooks, model.layers().size());
//   run(plan, model.layers(), x, calls);
//
// Each segment of the batch is a text.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <painters/backend/attention.hpp>
#include <painters/backend/concept.hpp>
#include <painters/backend/on_host.hpp>
#include <painters/error.hpp>
#include <painters/layers/activation_hooks.hpp>
#include <painters/layers/attention_pattern.hpp>
#include <painters/layers/hidden_states.hpp>
#include <painters/layers/hook_point.hpp>
#include <painters/layers/taps.hpp>
#include <painters/pipeline/cursor.hpp>
#include <painters/tensor/buffer.hpp>
#include <painters/tensor/matrix.hpp>
#include <painters/tensor/packed_batch.hpp>

namespace painters::layers {

/// For one run of a plan, or for several one after the other, whose calls are then numbered on.
template <backend::Backend B>
class HookedCalls : private Taps<B> {
 public:
  /// The hooks must outlive this. `texts`: the number of each segment's text; none: segments are
  /// numbered as they come. Throws UsageError for hooks on layers that the model lacks.
  HookedCalls(const ActivationHooks& hooks, std::size_t layers,
              std::span<const std::size_t> texts = {})
      : hooks_(hooks.all()), texts_(texts) {
    hooks.check(layers);
  }
  HookedCalls(ActivationHooks&&, std::size_t, std::span<const std::size_t> = {}) = delete;
  HookedCalls(const HookedCalls&) = delete;
  HookedCalls& operator=(const HookedCalls&) = delete;

  /// For run(): shows resid_pre, and lets the layer show the rest.
  void before_call(const CallSite& site, HiddenStates<B>& x) {
    backend_ = &x.backend();
    call_ = site;
    call_.number = calls_++;
    active_.clear();
    for (const ActivationHook& hook : hooks_)
      if (has(hook.filter.layers, site.layer) && has(hook.filter.calls, call_.number))
        active_.push_back({&hook});
    at(HookPoint::resid_pre, x.batch(), x.values(), 1);
    if (std::any_of(active_.begin(), active_.end(), [](const Active& a) { return !a.seen; }))
      x.set_taps(self_);
  }
  /// For run(): shows resid_post. Throws UsageError for a hook at a point that the layer has not
  /// come through although it was called as a whole.
  void after_call(const CallSite& site, HiddenStates<B>& x) {
    x.set_taps({});
    at(HookPoint::resid_post, x.batch(), x.values(), 1);
    for (const Active& active : active_)
      if (!active.seen && site.part == whole)
        throw UsageError("expected hooks at points that layer " + std::to_string(site.layer) +
                         " comes through, found one at " + std::string(name(active.hook->point)) +
                         ", which it lacks");
  }

 private:
  static constexpr bool on_host =
      std::same_as<typename B::Matrix, tensor::Matrix>;  // as the hooks are

  struct Active {
    const ActivationHook* hook;
    bool seen = false;
  };

  static bool has(const std::vector<std::size_t>& list, std::size_t number) {
    return list.empty() || std::find(list.begin(), list.end(), number) != list.end();
  }

  bool wants(HookPoint point) const {
    return std::any_of(active_.begin(), active_.end(),
                       [&](const Active& active) { return active.hook->point == point; });
  }
  bool changes(HookPoint point) const {
    return std::any_of(active_.begin(), active_.end(), [&](const Active& active) {
      return active.hook->point == point && active.hook->change;
    });
  }

  void at(HookPoint point, const tensor::PackedBatch& batch, typename B::Matrix values,
          std::size_t heads) override {
    if (!wants(point)) return;
    if constexpr (on_host) {
      backend_->synchronise();
      show_texts(point, batch, values, heads);
    } else {
      tensor::Buffer host = backend::on_host(*backend_, values);
      show_texts(point, batch, host.view(), heads);
      if (changes(point)) backend_->upload(host.view(), values);
    }
  }

  bool wants_pattern() const override { return wants(HookPoint::pattern); }

  void attend(typename B::ConstMatrix q, typename B::ConstMatrix k, typename B::ConstMatrix v,
              const tensor::PackedBatch& batch, const backend::AttentionShape& shape,
              typename B::Matrix y) override {
    if constexpr (on_host) {
      backend_->synchronise();
      attend_on_host(q, k, v, batch, shape, y);
    } else {
      const auto host = [&](typename B::ConstMatrix x) { return backend::on_host(*backend_, x); };
      const tensor::Buffer queries = host(q), keys = host(k), values = host(v);
      tensor::Buffer result(y.rows, y.cols);
      attend_on_host(queries.view(), keys.view(), values.view(), batch, shape, result.view());
      backend_->upload(result.view(), y);
    }
  }

  void attend_on_host(tensor::ConstMatrix q, tensor::ConstMatrix k, tensor::ConstMatrix v,
                      const tensor::PackedBatch& batch, const backend::AttentionShape& shape,
                      tensor::Matrix y) {
    for (std::size_t s = 0; s < batch.segments().size(); ++s) {
      tensor::Buffer pattern = attention_pattern(q, k, batch, s, shape);
      show(HookPoint::pattern, batch, s, pattern.view(), shape.num_attention_heads);
      attend_with(pattern.view(), v, batch, s, shape, y);
    }
  }

  void show_texts(HookPoint point, const tensor::PackedBatch& batch, tensor::Matrix values,
                  std::size_t heads) {
    for (std::size_t s = 0; s < batch.segments().size(); ++s) {
      const tensor::Segment& segment = batch.segments()[s];
      show(point, batch, s, values.middle_rows(segment.first_row, segment.length), heads);
    }
  }

  /// Calls the hooks of a point for a segment.
  void show(HookPoint point, const tensor::PackedBatch& batch, std::size_t segment,
            tensor::Matrix values, std::size_t heads) {
    const std::size_t first = batch.segments()[segment].first_position;
    HookedValues seen{point, call_, texts_.empty() ? segment : texts_[segment], first, heads, {}};
    for (Active& active : active_) {
      const ActivationHook& hook = *active.hook;
      if (hook.point != point) continue;
      active.seen = true;
      if (!has(hook.filter.texts, seen.text)) continue;
      const auto call = [&](std::size_t row, std::size_t count) {
        seen.position = first + row;
        seen.values = values.middle_rows(row, count);
        if (hook.change)
          hook.change(seen);
        else
          hook.see({seen.point, seen.call, seen.text, seen.position, seen.heads, seen.values});
      };
      if (hook.filter.positions.empty()) call(0, values.rows);
      const auto end = static_cast<std::ptrdiff_t>(first + values.rows);
      for (const std::ptrdiff_t position : hook.filter.positions) {
        const std::ptrdiff_t from_start = position < 0 ? end + position : position;
        if (from_start >= static_cast<std::ptrdiff_t>(first) && from_start < end)
          call(static_cast<std::size_t>(from_start) - first, 1);
      }
    }
  }

  /// Owns nothing, but tells states when this is gone: a run can end with an exception.
  std::shared_ptr<Taps<B>> self_{std::make_shared<char>(), this};
  std::span<const ActivationHook> hooks_;
  std::span<const std::size_t> texts_;
  std::size_t calls_ = 0;       // made so far
  B* backend_ = nullptr;        // of the call that is under way
  CallSite call_;               // likewise
  std::vector<Active> active_;  // hooks that are for it
};

}  // namespace painters::layers
