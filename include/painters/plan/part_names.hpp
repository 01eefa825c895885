// What the parts of layers are called in the text of plans: 13.attention is part 1 of layer 13.
//
// Names belong to the layers that have the parts; part_names(net) of pipeline/facts.hpp collects
// them. Where there is no network to ask, as in _plan and in printed plans, parts 1 and 2 go by the
// names that transformer blocks give them. Every part can be written by its number: 13.part3.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <painters/plan/decimal.hpp>
#include <painters/plan/node.hpp>

namespace painters {

/// The names of parts 1 and 2 where no network says others.
inline constexpr std::array<std::string_view, 2> usual_part_names{"attention", "ffn"};

/// The names of the parts of each layer, that of part 1 first. Views: whoever owns the names, such
/// as the network, must live as long.
class PartNames {
 public:
  /// Every layer has the usual ones.
  constexpr PartNames() = default;
  /// Every layer has these.
  constexpr PartNames(std::initializer_list<std::string_view> names) : lists_(1, names) {}
  /// Layer i has of_layers[i]; layers beyond have none unless all have the same.
  constexpr explicit PartNames(std::vector<std::vector<std::string_view>> of_layers)
      : lists_(std::move(of_layers)) {
    for (const auto& list : lists_) differ_ = differ_ || list != lists_.front();
  }

  /// Those of layer `layer`.
  constexpr std::span<const std::string_view> of(std::size_t layer) const {
    if (differ_) return layer < lists_.size() ? List(lists_[layer]) : List();
    return lists_.empty() ? List(usual_part_names) : List(lists_.front());
  }
  /// Whether they can differ from layer to layer.
  constexpr bool differ() const { return differ_; }

 private:
  using List = std::span<const std::string_view>;

  std::vector<std::vector<std::string_view>> lists_;  // one for all, or one for each layer
  bool differ_ = false;
};

namespace plan_detail {

constexpr void append_word(std::vector<char>& out, std::string_view word) {
  for (const char c : word) out.push_back(c);
}

/// A part as it stands behind the point; `names` are those of its layer.
constexpr void append_part(std::vector<char>& out, std::span<const std::string_view> names,
                           Part part) {
  if (part <= names.size()) return append_word(out, names[part - std::size_t{1}]);
  append_word(out, "part");
  append_number(out, part);
}

/// The part that has the name; whole if none has.
constexpr Part part_named(std::string_view name, std::span<const std::string_view> names) {
  constexpr std::size_t most = std::numeric_limits<Part>::max();
  for (std::size_t i = 0; i < names.size() && i < most; ++i)
    if (names[i] == name) return static_cast<Part>(i + 1);
  return whole;
}

/// For messages: "attention, ffn or part and its number".
constexpr void append_choice(std::vector<char>& out, std::span<const std::string_view> names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    append_word(out, names[i]);
    append_word(out, i + 1 < names.size() ? ", " : " or ");
  }
  append_word(out, "part and its number");
}

}  // namespace plan_detail
}  // namespace painters
