// Merging neighbours: the pair with the lowest rank, of equals the leftmost, until no pair has a
// rank. What byte-pair encodings have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include <painters/error.hpp>
#include <painters/text/token.hpp>
#include <painters/text/vocabulary.hpp>

namespace painters::text {

/// Pairs of symbols, each with a rank and the symbol that it becomes. Symbols are token ids, or
/// numbers above them for what a vocabulary has no token for.
class Merges {
 public:
  Merges() = default;

  /// `pairs`: pieces in order of rank. Throws Error if a merge needs a token that is not there.
  Merges(const Vocabulary& vocabulary,
         const std::vector<std::pair<std::string, std::string>>& pairs) {
    merges_.reserve(pairs.size());
    for (std::size_t rank = 0; rank < pairs.size(); ++rank) {
      const auto& [left, right] = pairs[rank];
      const auto a = vocabulary.find(left), b = vocabulary.find(right),
                 merged = vocabulary.find(left + right);
      if (!a || !b || !merged)
        throw Error("expected the tokens of every merge in the vocabulary of " +
                    vocabulary.source() + ", found merge " + std::to_string(rank) + " of '" + left +
                    "' and '" + right + "' without '" +
                    (!a   ? left
                     : !b ? right
                          : left + right) +
                    "'; vocabulary and merges do not belong together");
      add(*a, *b, static_cast<std::uint32_t>(rank), *merged);
    }
  }

  /// A pair that is there already keeps its rank.
  void add(TokenId left, TokenId right, std::uint32_t rank, TokenId merged) {
    merges_.try_emplace(key(left, right), Merge{rank, merged});
  }

  /// Merges within `symbols` (none is negative) until nothing is left to merge: O(n log n).
  void apply(Tokens& symbols) const {
    if (symbols.size() < 2) return;
    std::vector<Place> places;
    places.reserve(symbols.size());
    for (std::size_t i = 0; i < symbols.size(); ++i)
      places.push_back({static_cast<std::int32_t>(i) - 1, static_cast<std::int32_t>(i) + 1});
    places.back().next = -1;

    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
    const auto at = [](auto& list, std::int32_t i) -> auto& {
      return list[static_cast<std::size_t>(i)];
    };
    const auto note = [&](std::int32_t left, std::int32_t right) {
      if (left < 0 || right < 0) return;
      const std::uint64_t pair = key(at(symbols, left), at(symbols, right));
      if (const auto it = merges_.find(pair); it != merges_.end())
        queue.push({it->second.rank, left, right, pair});
    };
    for (std::size_t i = 0; i + 1 < symbols.size(); ++i)
      note(static_cast<std::int32_t>(i), static_cast<std::int32_t>(i) + 1);
    while (!queue.empty()) {
      const Candidate best = queue.top();
      queue.pop();
      Place& left = at(places, best.left);
      if (left.next != best.right ||
          key(at(symbols, best.left), at(symbols, best.right)) != best.pair)
        continue;
      at(symbols, best.left) = merges_.find(best.pair)->second.merged;
      at(symbols, best.right) = gone;
      left.next = at(places, best.right).next;
      if (left.next >= 0) at(places, left.next).previous = best.left;
      note(left.previous, best.left);
      note(best.left, left.next);
    }
    std::erase(symbols, gone);
  }

 private:
  static constexpr TokenId gone = -1;
  struct Merge {
    std::uint32_t rank;
    TokenId merged;
  };
  struct Hash {
    std::size_t operator()(std::uint64_t k) const {
      return static_cast<std::size_t>((k ^ k >> 29) * 0x9e3779b97f4a7c15u);
    }
  };
  struct Place {
    std::int32_t previous, next;  // neighbours that are left, or -1
  };
  struct Candidate {
    std::uint32_t rank;
    std::int32_t left, right;  // places
    std::uint64_t pair;        // their symbols when this was noted: it is void if one has changed
    bool operator>(const Candidate& o) const {
      return std::tie(rank, left) > std::tie(o.rank, o.left);
    }
  };

  static std::uint64_t key(TokenId left, TokenId right) {
    return std::uint64_t{static_cast<std::uint32_t>(left)} << 32 |
           static_cast<std::uint32_t>(right);
  }

  std::unordered_map<std::uint64_t, Merge, Hash> merges_;
};

}  // namespace painters::text
