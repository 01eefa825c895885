// What a block shows to hooks: the values at its points, while a call is under way.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>

#include <painters/backend/attention.hpp>
#include <painters/backend/concept.hpp>
#include <painters/layers/hook_point.hpp>
#include <painters/tensor/packed_batch.hpp>

namespace painters::layers {

/// Whoever looks. A state carries one through a call, see HiddenStates::set_taps; layers that know
/// nothing of it run as ever.
template <backend::Backend B>
class Taps {
 public:
  virtual ~Taps() = default;

  /// Shows values for all rows of the batch, which may be changed in place. The columns are
  /// divided into so many heads.
  virtual void at(HookPoint point, const tensor::PackedBatch& batch, typename B::Matrix values,
                  std::size_t heads) = 0;

  /// Whether attention is to be made by attend() because somebody asks for its pattern.
  virtual bool wants_pattern() const = 0;
  /// y = pattern v for all rows of the batch, as the backend's attention makes it, with the pattern
  /// shown in between.
  virtual void attend(typename B::ConstMatrix q, typename B::ConstMatrix k,
                      typename B::ConstMatrix v, const tensor::PackedBatch& batch,
                      const backend::AttentionShape& shape, typename B::Matrix y) = 0;
};

/// The taps of a call, if there are any.
template <backend::Backend B>
struct MaybeTaps {
  std::shared_ptr<Taps<B>> taps;     // null for none
  const tensor::PackedBatch& batch;  // of the call

  /// Shows values for all rows of the batch, if anybody looks.
  void operator()(HookPoint point, typename B::Matrix values, std::size_t heads = 1) const {
    if (taps) taps->at(point, batch, values, heads);
  }
  /// Whether anybody looks.
  explicit operator bool() const { return taps != nullptr; }
};

/// f(first, count, lane) for blocks of rows, or, where values are shown, for all rows together.
template <backend::Backend B, class F>
void for_rows(B& backend, const MaybeTaps<B>& taps, std::size_t rows,
              std::initializer_list<const typename B::OpenWeight*> weights, const F& f) {
  if (taps)
    backend.for_all_rows(rows, weights, f);
  else
    backend.for_row_blocks(rows, weights, f);
}

}  // namespace painters::layers
