#include <rapidcheck.h>

#include <string>
#include <utility>
#include <vector>

#include <painters/plan/combinators.hpp>
#include <painters/plan/parse.hpp>
#include <painters/plan/stream.hpp>

#include "support/catch.hpp"

using namespace painters;

namespace {

/// The sentence with which a text is refused.
std::string refusal(const std::string& text, std::size_t layers = any_depth) {
  try {
    parse_plan(text, layers);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "accepted";
}

const std::string an_item =
    "expected a layer, a range such as 0..12, (...), each(...), mean(...), sum(...), @method or "
    "none";

}  // namespace

TEST_CASE("the text form says what the combinators say", "[plan][parse]") {
  const auto all = Sequence<32>{};
  const std::vector<std::pair<std::string, Plan>> pairs{
      {"none", Plan()},
      {"5", call(5)},
      {"0..31", all},
      {"19..13", Sequence<19, 13>{}},
      {"16 x7", call(16) | Loop<7>{}},
      {"16x1", call(16)},
      {"(13..19) x3", Sequence<13, 19>{} | Loop<3>{}},
      {"(13..19), 20", Sequence<13, 20>{}},
      {"each(13..19) x2", Sequence<13, 19>{} | Repeat<2>{}},
      {"each(13, (14, 15)) x2", sequence(call(13) | Loop<2>{}, Sequence<14, 15>{} | Loop<2>{})},
      {"each(13..19)", Sequence<13, 19>{}},
      {"mean(13..19)", Sequence<13, 19>{} | ParallelMean{}},
      {"mean((13..15), (16..19))", mean(Sequence<13, 15>{}, Sequence<16, 19>{})},
      {"mean(each((1, 2), 3) x2 * 0.5)",
       mean((Sequence<1, 2>{} | Loop<2>{}) * 0.5f, (call(3) | Loop<2>{}) * 0.5f)},
      {"sum(13 * 0.5)", call(13) | Damped<0.5>{}},
      {"mean(13 * 0.7, 14 * 0.3)", mean(call(13) * 0.7f, call(14) * 0.3f)},
      {"mean(none, 3)", mean(Plan(), call(3))},
      {"13.attention, 13.ffn, 13.part7",
       sequence(call(13, Part{1}), call(13, Part{2}), call(13, Part{7}))},
      {"13..14.ffn", sequence(call(13, Part{2}), call(14, Part{2}))},
      {"  0 .. 3\t,mean ( 4..5 )x2\n",
       sequence(Sequence<4>{}, Sequence<4, 5>{} | ParallelMean{} | Loop<2>{})},
      {"mean(13 x2 * 0.5, mean(1, 2))",
       mean((call(13) | Loop<2>{}) * 0.5f, mean(call(1), call(2)))},
      {"@baseline", all},
      {"@skip(start=12)", all | paper::skip(12)},
      {"@skip(layers=32, start=12)", all | paper::skip(12)},
      {"@reverse(start=12)", all | paper::reverse(12)},
      {"@middle_repeat(start=12)", all | paper::middle_repeat(12)},
      {"@random(start=12, seed=3)", all | paper::random(12, 3)},
      {"@random(seed=18446744073709551615, start=12)",
       all | paper::random(12, 18446744073709551615u)},
      {"@looped_parallel(start=12, repeats=3)", all | paper::looped_parallel(12, 3)},
      {"@skip_one(layer=31)", all | paper::skip_one(31)},
      {"@switch_two(layer=30)", all | paper::switch_two(30)},
      {"@double_repeat(start=12)", all | paper::double_repeat(12)},
      {"@triple_repeat(start=12)", all | paper::triple_repeat(12)},
      {"@skip(start=12) x2, 5", sequence(all | paper::skip(12) | Loop<2>{}, call(5))},
  };
  for (const auto& [text, plan] : pairs) {
    CAPTURE(text);
    REQUIRE(parse_plan(text, 32) == plan);
  }
}

TEST_CASE("a mistake in the text is refused with its column", "[plan][parse]") {
  const std::vector<std::pair<std::string, std::string>> pairs{
      {"", "column 1: " + an_item + ", found the end of the text"},
      {"1,,2", "column 3: " + an_item + ", found ','"},
      {"0..12, men(13)", "column 8: " + an_item + ", found 'men'"},
      {"-1", "column 1: " + an_item + ", found '-'"},
      {"\xc3\xa9", "column 1: " + an_item + ", found a character that no plan has"},
      {"1 2", "column 3: expected ',' or the end of the text, found '2'"},
      {"(1", "column 3: expected ',' or ')', found the end of the text"},
      {"1)", "column 2: expected ',' or the end of the text, found ')'"},
      {"1..", "column 4: expected a layer number, found the end of the text"},
      {"mean 3", "column 6: expected '(', found '3'"},
      {"mean()",
       "column 6: a parallel group has at least one branch, found none: leave the group out"},
      {"0..31, 40",
       "column 8: the plan names layer 40, but the model has 32 layers, counted from 0"},
      {"3..99999999999999999999",
       "column 4: expected a layer number, found a number of more than 64 bits"},
      {"@random(start=2, seed=18446744073709551616)",
       "column 23: expected a whole number, found a number of more than 64 bits"},
      {"0, 13..19 x3",
       "column 11: a range with x could mean two things: write (13..19) x3 to repeat the block, "
       "each(13..19) x3 for "
       "each layer"},
      {"mean(13..19 * 2)",
       "column 13: a range with a weight could mean two things: write (13..19) * 0.5 for one "
       "branch, each(13..19) * "
       "0.5 for a branch for each layer"},
      {"13 * 0.5",
       "column 4: a weight belongs to a branch of mean(...) or sum(...): a damped step is sum(13 * "
       "0.5)"},
      {"mean((13 * 2))",
       "column 10: a weight belongs to a branch of mean(...) or sum(...): a damped step is sum(13 "
       "* 0.5)"},
      {"3 x2 x2", "column 6: a second x needs brackets: (13 x2) x3"},
      {"3 x", "column 4: expected how many times, found the end of the text"},
      {"3 x0",
       "column 3: a loop runs its body at least once, found 0 times: leave elements out instead"},
      {"1, mean(1, mean(1 * 1, 2 * -1))",
       "column 12: the weights of a mean are divided by their sum, found a sum of 0: use sum"},
      {"sum(1 * x)", "column 9: expected a weight such as 0.5, found 'x'"},
      {"sum(1 * 0.)", "column 11: expected a digit, found ')'"},
      {"sum(1 * 1e99)", "column 9: a weight is a number that a float can hold, found a larger one"},
      {"13.attn",
       "column 4: expected a part of a layer: attention, ffn or part and its number, found 'attn'"},
      {"13.part0", "column 4: the parts of a layer are numbered 1 to 255, found 0"},
      {"13.part256", "column 4: the parts of a layer are numbered 1 to 255, found 256"},
      {"13.ffn..14.ffn", "column 7: a part is named once, after the range: 13..19.attention"},
      {"3, (1 x10000) x10000",
       "column 4: a plan makes at most 10000000 calls, loops unrolled, found more"},
      {"@skp(start=1)",
       "column 2: expected a method: baseline, skip, reverse, middle_repeat, random, "
       "looped_parallel, skip_one, "
       "switch_two, double_repeat or triple_repeat, found 'skp'"},
      {"1, @skip", "column 4: @skip needs the argument start: @skip(start=12)"},
      {"@random(start=2)", "column 1: @random needs the argument seed: @random(start=12, seed=3)"},
      {"@skip(start=1, start=2)", "column 16: an argument is given once, found start twice"},
      {"@skip(seed=1)",
       "column 7: @skip is written @skip(start=12), with layers=32 where the depth is not known; "
       "found seed"},
      {"@skip(1)",
       "column 7: @skip is written @skip(start=12), with layers=32 where the depth is not known; "
       "found an argument without a name"},
      {"@skip(start=16)",
       "column 1: start 16 leaves nothing in the middle of 32 layers: a start s needs 2s + 2 "
       "layers or more"},
      {"@skip(start=1, layers=30)",
       "column 16: the plan is made for 30 layers, but the model has 32"},
      {"@switch_two(layer=31)",
       "column 1: the plan names layer 32, but the model has 32 layers, counted from 0"},
      {"@looped_parallel(start=1, repeats=0)",
       "column 1: a loop runs its body at least once, found 0 times: leave elements out instead"},
  };
  for (const auto& [text, sentence] : pairs) {
    CAPTURE(text);
    REQUIRE(refusal(text, 32) == "the plan's text, " + sentence);
  }
}

TEST_CASE("without a depth the methods of the paper ask for it", "[plan][parse]") {
  REQUIRE(refusal("@baseline") ==
          "the plan's text, column 1: @baseline needs the number of layers: add the argument "
          "layers=32");
  REQUIRE(parse_plan("@skip(start=12, layers=32)") == (Sequence<32>{} | paper::skip(12)));
  REQUIRE(parse_plan("999999") == call(999999));
  REQUIRE(refusal("1000000") ==
          "the plan's text, column 1: layers are counted from 0 to 999999, found 1000000");
}

TEST_CASE("texts that ask for too much are refused quickly", "[plan][parse]") {
  const auto repeated = [](const std::string& part, int count) {
    std::string text;
    for (; count > 0; --count) text += part;
    return text;
  };
  const std::string too_many = "a plan has at most 1000000 nodes, found more";
  REQUIRE(refusal("1, 0..999999") == "the plan's text, column 4: " + too_many);
  REQUIRE(refusal("0..399999, (0..399999, (1") == "the plan's text, column 13: " + too_many);
  REQUIRE(refusal(repeated("0..99999,", 100)) == "the plan's text, column 46: " + too_many);
  REQUIRE(refusal(repeated("each(", 60) + "0..299999" + repeated(") x2", 60)) ==
          "the plan's text, column 316: " + too_many);
  REQUIRE(refusal(repeated("(", 60) + "0..399999" + repeated(") x2", 60)) ==
          "the plan's text, column 56: a plan makes at most 10000000 calls, loops unrolled, found "
          "more");
  REQUIRE(refusal(repeated("(", 100000)) ==
          "the plan's text, column 65: brackets nest at most 64 deep, found more");
  REQUIRE(refusal(repeated("mean(", 100000)) ==
          "the plan's text, column 325: brackets nest at most 64 deep, found more");
  REQUIRE(refusal(repeated("(", 64) + "1" + repeated(")", 64)) == "accepted");
  REQUIRE(refusal("@baseline(layers=1000001)") == "the plan's text, column 11: " + too_many);
}

TEST_CASE("any bytes are read or refused", "[plan][parse]") {
  REQUIRE(rc::check([](const std::string& bytes) { (void)refusal(bytes, 12); }));
}

TEST_CASE(
    "any words of the text form are read or refused, and what is read can be printed and read "
    "again",
    "[plan][parse]") {
  const std::vector<std::string> words{"0",
                                       "7",
                                       "11",
                                       "..",
                                       ",",
                                       "(",
                                       ")",
                                       "x2",
                                       "mean(",
                                       "sum(",
                                       "each(",
                                       "none",
                                       "*",
                                       "0.5",
                                       "-1",
                                       ".ffn",
                                       "@skip(start=3)",
                                       "@random(start=2, seed=",
                                       "x",
                                       " "};
  REQUIRE(rc::check([&words] {
    std::string text;
    for (const int word : *rc::gen::container<std::vector<int>>(
             rc::gen::inRange<int>(0, static_cast<int>(words.size()))))
      text += words[static_cast<std::size_t>(word)];
    if (refusal(text, 12) == "accepted") {
      const Plan plan = parse_plan(text, 12);
      RC_ASSERT(parse_plan(to_string(plan), 12) == plan);
    }
  }));
}
