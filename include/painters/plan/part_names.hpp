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
#include <string_view>
#include <vector>

#include <painters/plan/decimal.hpp>
#include <painters/plan/node.hpp>

namespace painters {

/// The names of parts 1 and 2 where no network says others.
inline constexpr std::array<std::string_view, 2> usual_part_names{"attention", "ffn"};

/// The names of a layer's parts, that of part 1 first; valid as long as they are.
class NameList {
 public:
  constexpr NameList() = default;
  /// `size` names that follow one another.
  constexpr NameList(const std::string_view* names, std::size_t size)
      : names_(names), size_(size) {}

  constexpr std::size_t size() const { return size_; }
  /// The name of part i + 1.
  constexpr std::string_view operator[](std::size_t i) const { return names_[i]; }
  /// For loops over them.
  constexpr const std::string_view* begin() const { return names_; }
  /// For loops over them.
  constexpr const std::string_view* end() const { return names_ + size_; }

  /// Equal if all names are.
  friend constexpr bool operator==(NameList a, NameList b) {
    if (a.size_ != b.size_) return false;
    for (std::size_t i = 0; i < a.size_; ++i)
      if (a[i] != b[i]) return false;
    return true;
  }

 private:
  const std::string_view* names_ = nullptr;
  std::size_t size_ = 0;
};

/// The names of the parts of each layer. It only views the names: their owner, such as the network,
/// must outlive it.
class PartNames {
 public:
  // Before the constructors that call it: clang 14 does not find it in constants otherwise.
  /// Gives the next layer, from 0 on, these names, a range of std::string_view. If all layers added
  /// have the same names, the layers beyond have them too; otherwise those have none.
  template <class Names>
  constexpr void add_layer(const Names& names) {
    for (const std::string_view name : names) names_.push_back(name);
    ends_.push_back(names_.size());
    differ_ = differ_ || !(list(ends_.size() - 1) == list(0));
  }

  /// Every layer has the usual names.
  constexpr PartNames() = default;
  /// Every layer has these names.
  constexpr PartNames(std::initializer_list<std::string_view> names) { add_layer(names); }

  /// The names of the parts of layer `layer`.
  constexpr NameList of(std::size_t layer) const {
    if (ends_.empty()) return {usual_part_names.data(), usual_part_names.size()};
    if (!differ_) return list(0);
    return layer < ends_.size() ? list(layer) : NameList();
  }
  /// Whether names can differ from layer to layer.
  constexpr bool differ() const { return differ_; }

 private:
  constexpr NameList list(std::size_t layer) const {
    const std::size_t first = layer == 0 ? 0 : ends_[layer - 1];
    return {names_.data() + first, ends_[layer] - first};
  }

  std::vector<std::string_view> names_;  // of all layers that were added
  std::vector<std::size_t> ends_;        // where those of each end
  bool differ_ = false;
};

namespace plan_detail {

constexpr void append_word(std::vector<char>& out, std::string_view word) {
  for (const char c : word) out.push_back(c);
}

/// A part as it stands after the dot; `names` are those of its layer.
constexpr void append_part(std::vector<char>& out, NameList names, Part part) {
  if (part <= names.size()) return append_word(out, names[part - std::size_t{1}]);
  append_word(out, "part");
  append_number(out, part);
}

/// The part that has the name; whole if none has.
constexpr Part part_named(std::string_view name, NameList names) {
  constexpr std::size_t most = std::numeric_limits<Part>::max();
  for (std::size_t i = 0; i < names.size() && i < most; ++i)
    if (names[i] == name) return static_cast<Part>(i + 1);
  return whole;
}

/// For messages: "attention, ffn or part and its number".
constexpr void append_choice(std::vector<char>& out, NameList names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    append_word(out, names[i]);
    append_word(out, i + 1 < names.size() ? ", " : " or ");
  }
  append_word(out, "part and its number");
}

}  // namespace plan_detail
}  // namespace painters
