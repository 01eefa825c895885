#include <painters/engine/token_tree.hpp>

#include <rapidcheck.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <set>
#include <vector>

#include <painters/error.hpp>

#include "support/catch.hpp"

using namespace painters;
using engine::TokenTree;
using text::Tokens;

namespace {

std::size_t common(const Tokens& a, const Tokens& b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                                  a.begin());
}
std::size_t sum_of_lengths(const std::vector<Tokens>& texts) {
  std::size_t sum = 0;
  for (const Tokens& t : texts) sum += t.size();
  return sum;
}
/// Positions at which two texts share a row.
std::size_t shared(const TokenTree& tree, const std::vector<Tokens>& texts, std::size_t a,
                   std::size_t b) {
  std::size_t count = 0;
  for (std::size_t p = 0; p < std::min(texts[a].size(), texts[b].size()); ++p)
    count += tree.row(a, p) == tree.row(b, p);
  return count;
}

/// Texts of which many begin as another one does.
rc::Gen<std::vector<Tokens>> related_texts() {
  return rc::gen::exec([] {
    std::vector<Tokens> texts;
    for (int n = *rc::gen::inRange(0, 14); n > 0; --n) {
      Tokens text;
      if (!texts.empty() && *rc::gen::inRange(0, 4) != 0) {
        text = texts[*rc::gen::inRange<std::size_t>(0, texts.size())];
        if (*rc::gen::arbitrary<bool>())
          text.resize(*rc::gen::inRange<std::size_t>(0, text.size() + 1));
      }
      for (int more = *rc::gen::inRange(0, 25); more > 0; --more)
        text.push_back(*rc::gen::inRange(0, 3));
      texts.push_back(std::move(text));
    }
    return texts;
  });
}

Tokens count_up(text::TokenId first, std::size_t n) {
  Tokens tokens(n);
  std::iota(tokens.begin(), tokens.end(), first);
  return tokens;
}
Tokens operator+(Tokens a, const Tokens& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("every text can be read back, in a batch no larger than all texts",
          "[engine][token_tree]") {
  REQUIRE(rc::check([] {
    const std::vector<Tokens> texts = *related_texts();
    const TokenTree tree(texts);
    RC_ASSERT(tree.batch().rows() == tree.tokens().size());
    RC_ASSERT(tree.batch().rows() <= sum_of_lengths(texts));
    std::set<std::size_t> used;
    for (std::size_t t = 0; t < texts.size(); ++t) {
      // A token sees exactly the rows of its own text: those of the segments up to its own.
      std::vector<std::size_t> rows;
      for (std::size_t p = 0; p < texts[t].size(); ++p) {
        const std::size_t row = tree.row(t, p);
        RC_ASSERT(row < tree.batch().rows());
        RC_ASSERT(tree.tokens()[row] == texts[t][p]);
        RC_ASSERT(tree.batch().positions()[row] == p);
        rows.push_back(row);
        used.insert(row);
      }
      if (rows.empty()) continue;
      std::size_t last = 0;
      while (tree.batch().segments()[last].first_row + tree.batch().segments()[last].length <=
             rows.back())
        ++last;
      std::vector<std::size_t> seen;
      for (const std::size_t s : tree.batch().chain(last))
        for (std::size_t i = 0; i < tree.batch().segments()[s].length; ++i)
          seen.push_back(tree.batch().segments()[s].first_row + i);
      RC_ASSERT(seen == rows);
    }
    RC_ASSERT(used.size() == tree.batch().rows());  // every row belongs to a text
  }));
}

TEST_CASE("common beginnings are shared, however short", "[engine][token_tree]") {
  REQUIRE(rc::check([] {
    const std::vector<Tokens> texts = *related_texts();
    const TokenTree tree(texts);
    for (std::size_t a = 0; a < texts.size(); ++a)
      for (std::size_t b = 0; b < a; ++b) {
        const std::size_t together = common(texts[a], texts[b]);
        RC_ASSERT(shared(tree, texts, a, b) == together);
      }
  }));
}

TEST_CASE("answers to one question share it", "[engine][token_tree]") {
  const Tokens question = count_up(0, 20), fewer = count_up(0, 7);
  const std::vector<Tokens> texts{
      question + Tokens{100, 101}, question + Tokens{90}, question + Tokens{100, 102}, question,
      question + Tokens{90},       fewer + Tokens{70},    fewer + Tokens{71}};
  const TokenTree tree(texts);
  // 20 once, 7 of them also for the last two, then 100 once, 101, 102, 90 once, 70, 71.
  CHECK(tree.batch().rows() == 20 + 3 + 1 + 2);
  CHECK(tree.row(0, 19) == tree.row(3, 19));
  CHECK(tree.row(1, 20) == tree.row(4, 20));
  CHECK(tree.row(0, 20) == tree.row(2, 20));
  CHECK(tree.row(0, 6) == tree.row(6, 6));
  CHECK(tree.row(5, 7) != tree.row(6, 7));
}

TEST_CASE("the order of the texts does not change the size of the batch", "[engine][token_tree]") {
  REQUIRE(rc::check([] {
    std::vector<Tokens> texts = *related_texts();
    const std::size_t rows = TokenTree(texts).batch().rows();
    std::reverse(texts.begin(), texts.end());
    RC_ASSERT(TokenTree(texts).batch().rows() == rows);
  }));
}

TEST_CASE("a tree of many and of long texts is made at once", "[engine][token_tree]") {
  std::vector<Tokens> same(5000, count_up(0, 50));
  CHECK(TokenTree(same).batch().rows() == 50);
  std::vector<Tokens> growing;  // each 8 tokens longer than the one before: as deep as can be
  for (std::size_t i = 1; i <= 500; ++i) growing.push_back(count_up(0, 8 * i));
  CHECK(TokenTree(growing).batch().rows() == 4000);
  CHECK(TokenTree(std::vector<Tokens>{}).batch().rows() == 0);
}

TEST_CASE("without causality only equal texts are shared", "[engine][token_tree]") {
  Tokens text(20);
  std::iota(text.begin(), text.end(), 0);
  Tokens longer = text;
  longer.push_back(1);
  const std::vector<Tokens> texts{text, longer, text};
  CHECK(TokenTree(texts).batch().rows() == 21);
  const TokenTree apart(texts, engine::Sharing::nothing);
  CHECK(apart.batch().segments().size() == 3);
  CHECK(apart.row(0, 5) == 5);
  CHECK(apart.row(1, 20) == 40);
  CHECK(apart.row(2, 0) == 41);
  const TokenTree tree(texts, engine::Sharing::equal_texts);
  CHECK(tree.batch().rows() == 41);
  CHECK(tree.batch().segments().size() == 2);
  CHECK(tree.row(0, 5) == tree.row(2, 5));
  CHECK(tree.row(0, 5) != tree.row(1, 5));
  for (const tensor::Segment& segment : tree.batch().segments())
    CHECK(segment.parent == tensor::Segment::no_parent);
}

TEST_CASE("texts and tokens that a tree lacks are refused", "[engine][token_tree]") {
  const std::vector<Tokens> texts{{1, 2, 3}, {}};
  const TokenTree tree(texts);
  CHECK(tree.size(1) == 0);
  CHECK_THROWS_AS(tree.size(2), UsageError);
  CHECK_THROWS_AS(tree.row(0, 3), UsageError);
  CHECK_THROWS_AS(tree.row(1, 0), UsageError);
  CHECK_THROWS_AS(TokenTree({}).row(0, 0), UsageError);
}
