#include <painters/pipeline/check_layer.hpp>

#include <cmath>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/toys.hpp"
#include "support/catch.hpp"

using toys::Vector;

namespace {

const Vector typical{0.5, -1, 2};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct Named : toys::Mixing {
  std::vector<std::string_view> names{};
  const std::vector<std::string_view>& part_names() const { return names; }
};
struct NotConst {
  void operator()(Vector& state) { state[0] = 1; }
};
struct Counting {  // remembers outside its memory
  mutable int calls = 0;
  void operator()(Vector& state) const { state[0] += ++calls; }
};
struct Growing {
  void operator()(Vector& state) const { state.push_back(1); }
};
struct GrowingAndSaysSo : Growing {
  std::size_t gives_width = 4;
  static constexpr std::size_t takes() { return 3; }
  std::size_t gives() const { return gives_width; }
};
struct Returning {  // instead of changing its state
  Vector operator()(Vector state) const {
    for (double& value : state) value *= 2;
    return state;
  }
};
struct ByValue {  // so that the caller's state stays as it was
  void operator()(Vector state) const {
    for (double& value : state) value *= 2;
  }
};
struct Caching {  // uses the first state's maximum for all states
  mutable double largest = 0;
  void operator()(Vector& state) const {
    if (largest == 0)
      for (const double value : state) largest = std::fmax(largest, value);
    for (double& value : state) value /= largest;
  }
};
struct Exploding {
  void operator()(Vector& state) const { state[0] = std::log(-1.0); }
};
struct OddMemory {
  struct Memory {
    double bias = 1;
  };
  void operator()(Vector&) const {}
  void operator()(Vector& state, Memory& memory) const { state[0] += memory.bias; }
};
struct PointingMemory {
  struct Memory {
    const Vector* before = nullptr;
  };
  void operator()(Vector& state, Memory& memory) const {
    if (memory.before) add_scaled(state, 0.5, *memory.before);
    painters::scale(state, 0.5);
    memory.before = &state;
  }
  static void add_scaled(Vector& state, double a, const Vector& other) {
    painters::add_scaled(state, a, other);
  }
};
/// Counts its calls, as a cache counts tokens.
struct GoodMemory {
  struct Memory {
    int calls = 0;
  };
  void operator()(Vector& state, Memory& memory) const {
    painters::scale(state, 1.0 / ++memory.calls + 1);
  }
};
struct WrongParts : toys::Mixing {
  void apply(painters::Part, Vector& state) const { state[0] *= 2; }
};

/// x_j <- w x_j^2, with one mistake or none.
struct Square {
  enum Mistake {
    none,
    slope,
    no_slope,
    one_number,
    sign_of_parameter,
    does_not_add,
    infinite,
    points_at_state,
    keeps_in_layer,
    changes_tape
  } mistake = none;
  double w = 0.7;
  struct Tape {
    Vector before;
    const Vector* state = nullptr;
    mutable bool used = false;
  };
  using Gradients = double;
  mutable Vector last{};

  void operator()(Vector& state) const {
    for (double& value : state) value *= w * value;
  }
  void forward(Vector& state, Tape& tape) const {
    tape.before = last = state;
    tape.state = &state;
    (*this)(state);
  }
  void backward(Vector& dx, const Tape& tape, Gradients& gradient) const {
    Vector before = tape.before;
    if (mistake == points_at_state)  // works only while the state is as forward left it
      for (std::size_t j = 0; j < before.size(); ++j)
        before[j] = std::copysign(std::sqrt((*tape.state)[j] / w), before[j]);
    if (mistake == keeps_in_layer) before = last;
    if (mistake == changes_tape && tape.used) before[0] = 0;
    tape.used = true;
    if (mistake == does_not_add) gradient = 0;
    for (std::size_t j = 0; j < dx.size(); ++j) {
      gradient += (mistake == sign_of_parameter ? -1 : 1) * dx[j] * before[j] * before[j];
      dx[j] *= (mistake == slope ? 1 : 2) * w * before[j];
      if (mistake == no_slope) dx[j] = 0;
      if (mistake == infinite) dx[j] /= 0.0;
    }
    if (mistake == one_number) dx.back() = dx[dx.size() - 2];
  }
  friend void add_scaled(Square& layer, double a, const Gradients& gradient) {
    layer.w += a * gradient;
  }
};

/// Normalises, so that it has no slope along the state itself.
struct Norm {
  struct Tape {
    std::vector<float> after;
    float factor = 0;
  };
  struct Gradients {};
  static float factor(const std::vector<float>& x) {
    float sum = 0;
    for (const float value : x) sum += value * value;
    return 1 / std::sqrt(sum);
  }
  void operator()(std::vector<float>& x) const { painters::scale(x, factor(x)); }
  void forward(std::vector<float>& x, Tape& tape) const {
    tape.factor = factor(x);
    (*this)(x);
    tape.after = x;
  }
  void backward(std::vector<float>& dx, const Tape& tape, Gradients&) const {
    float along = 0;
    for (std::size_t j = 0; j < dx.size(); ++j) along += dx[j] * tape.after[j];
    for (std::size_t j = 0; j < dx.size(); ++j)
      dx[j] = tape.factor * (dx[j] - along * tape.after[j]);
  }
};

/// Its part 2 has a wrong gradient, the whole has none.
struct WrongPart {
  Square square{};
  struct Tape {
    Square::Tape first, second;
  };
  using Gradients = double;
  static constexpr painters::Part parts() { return 2; }
  static constexpr bool parts_in_sequence() { return true; }
  void operator()(Vector& x) const { square(x), square(x); }
  void apply(painters::Part, Vector& x) const { square(x); }
  void forward(Vector& x, Tape& tape) const {
    square.forward(x, tape.first);
    square.forward(x, tape.second);
  }
  void forward(painters::Part, Vector& x, Tape& tape) const { square.forward(x, tape.first); }
  void backward(Vector& dx, const Tape& tape, double& sum) const {
    square.backward(dx, tape.second, sum);
    square.backward(dx, tape.first, sum);
  }
  void backward(painters::Part part, Vector& dx, const Tape& tape, double& sum) const {
    (part == 1 ? square : Square{Square::slope}).backward(dx, tape.first, sum);
  }
};

/// A state whose copies share their values.
struct Shared {
  std::shared_ptr<double> value;
  friend void scale(Shared& x, double a) { *x.value *= a; }
  friend void add_scaled(Shared& x, double a, const Shared& y) { *x.value += a * *y.value; }
  friend double dot(const Shared& x, const Shared& y) { return *x.value * *y.value; }
};

template <class L>
std::string failures(const L& layer, const Vector& state = typical) {
  const painters::CheckedLayer checked = painters::check_layer(layer, state);
  std::string failed;
  std::istringstream lines(checked.log);
  for (std::string line; std::getline(lines, line);)
    if (line.rfind("FAILED: ", 0) == 0) failed += line.substr(8) + "\n";
  CHECK(checked.ok == failed.empty());
  return failed;
}

}  // namespace

TEST_CASE("a good layer passes all checks that concern it", "[check_layer]") {
  const auto plain = painters::check_layer(toys::Scaling{0.5}, typical);
  CHECK(plain.ok);
  CHECK_FALSE(contains(plain.log, "FAILED"));

  const auto mixing = painters::check_layer(toys::Mixing{}, typical);
  INFO(mixing.log);
  CHECK(mixing.ok);
  CHECK(contains(mixing.log, "ok: the same state from all parts one after another"));

  const auto square = painters::check_layer(Square{}, typical);
  INFO(square.log);
  CHECK(square.ok);
  CHECK(contains(square.log, "ok: the gradient with respect to the parameters"));
}

TEST_CASE("a layer that is not const-callable is reported", "[check_layer]") {
  CHECK(failures(NotConst{}) ==
        "layer(x) or layer(x, memory) was expected to compile for a const layer and this state, "
        "found that neither does: make operator() const and let it take the state by reference\n");
}

TEST_CASE("a layer that does not change its state is reported", "[check_layer]") {
  CHECK(failures(Returning{}) ==
        "the layer was expected to change the state in place and to return nothing, found that it "
        "returns something: take the state as State& and write to it instead\n");
  CHECK(failures(ByValue{}) ==
        "the layer was expected to change the state in place, found it unchanged: take it as "
        "State& and write to it instead of returning it (if the layer is right to leave this state "
        "alone, check it with another)\n");
}

TEST_CASE("a layer that remembers outside its memory fails", "[check_layer]") {
  CHECK(
      failures(Counting{}) ==
      "the same state after every call on the same state was expected, found states that differ "
      "by 1 where their length is 2.69258: a layer must not change when it is called (what it has "
      "to remember belongs in a memory) or draw random numbers\n");
  CHECK(contains(failures(Caching{}),
                 "the same state whatever states the layer has seen before was expected"));
}

TEST_CASE("a layer that changes the state's shape must say its widths", "[check_layer]") {
  CHECK(failures(Growing{}) ==
        "the state was expected to keep its shape 3, found 4 after the layer: let the layer say "
        "takes() and gives()\n");
  CHECK(failures(GrowingAndSaysSo{}) == "");
  CHECK(failures(GrowingAndSaysSo{{}, 5}) ==
        "the layer was expected to map states from width 3 to width 5, as it says, found that it "
        "maps shape 3 to 4: correct takes() and gives()\n");
}

TEST_CASE("a layer that makes NaN fails", "[check_layer]") {
  CHECK(contains(failures(Exploding{}), "was expected to be finite, found infinities or NaN"));
}

TEST_CASE("a layer whose memory is not new when it is made fails", "[check_layer]") {
  CHECK(contains(failures(OddMemory{}),
                 "the same state with a new memory as without one was expected, found states that "
                 "differ by 1"));
}

TEST_CASE("a memory that points into the state is found", "[check_layer]") {
  CHECK(contains(failures(PointingMemory{}),
                 "let the memory hold copies of what it needs instead of pointing into the state"));
  CHECK(failures(GoodMemory{}) == "");
}

TEST_CASE("a layer whose parts do not make up the whole fails", "[check_layer]") {
  CHECK(contains(failures(WrongParts{}),
                 "the same state from all parts one after another as from the whole layer was "
                 "expected"));
}

TEST_CASE("names of parts that no plan can write are found", "[check_layer]") {
  const auto log = [](std::vector<std::string_view> names) {
    return painters::check_layer(Named{{}, std::move(names)}, typical).log;
  };
  CHECK(contains(log({"mixer", "mlp"}), "ok: the names of the parts can be written in plans"));
  CHECK_FALSE(contains(log({}), "the names of the parts"));
  CHECK(contains(log({"mixer"}),
                 "FAILED: part_names() was expected to name 2 parts, found 1 name: name each part, "
                 "part 1 first"));
  for (const char* bad : {"", "m l p", "2nd", "mixer", "m-l-p"})
    CHECK(
        contains(log({"mixer", bad}),
                 "FAILED: the name of part 2 was expected to be a word of letters and digits that "
                 "no other part has, found '" +
                     std::string(bad) + "'"));
}

TEST_CASE("wrong gradients are found", "[check_layer]") {
  CHECK(failures(Square{}) == "");
  CHECK(contains(failures(Square{Square::slope}),
                 "the gradient with respect to the state along the state was expected to be"));
  CHECK(contains(failures(Square{Square::no_slope}),
                 "the gradient with respect to the state along the state was expected to be"));
  CHECK(contains(failures(Square{Square::sign_of_parameter}),
                 "the gradient with respect to the parameters along itself was expected to be"));
  CHECK(contains(failures(Square{Square::does_not_add}),
                 "a second backward was expected to add to the gradients, found length"));
  CHECK(contains(failures(Square{Square::infinite}), "dx was expected to be finite"));
}

TEST_CASE("a gradient that is wrong for one number of many is found", "[check_layer]") {
  Vector many(1000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = std::sin(static_cast<double>(i)) + 0.1;
  CHECK(failures(Square{}, many) == "");
  CHECK(contains(
      failures(Square{Square::one_number}, many),
      "the gradient with respect to the state for number 999 of the state was expected to be"));
}

TEST_CASE("wrong gradients of a part are found", "[check_layer]") {
  const std::string failed = failures(WrongPart{});
  CHECK(contains(
      failed, "part 2: the gradient with respect to the state along the state was expected to be"));
  CHECK_FALSE(contains(failed, "part 1"));
}

TEST_CASE("gradients that depend on more than the tape are found", "[check_layer]") {
  const Vector positive{0.5, 1, 2};
  CHECK(failures(Square{Square::points_at_state}, positive) ==
        "the same gradient was expected from a tape whatever becomes of the state, found another "
        "one once the state had changed: copy what backward needs instead of pointing at it\n");
  CHECK(failures(Square{Square::keeps_in_layer}, positive) ==
        "the same gradient was expected from a tape whatever is recorded after it, found another "
        "one after a second forward: keep what backward needs in the tape, not in the layer\n");
  CHECK(failures(Square{Square::changes_tape}, positive) ==
        "the same gradient was expected from the same tape, found another one the second time: "
        "backward must change nothing but dx and the gradients\n");
}

TEST_CASE("a layer that normalises is checked where it has a slope", "[check_layer]") {
  std::vector<float> state(200);
  for (std::size_t i = 0; i < state.size(); ++i) state[i] = std::sin(static_cast<float>(i));
  const auto checked = painters::check_layer(Norm{}, state);
  INFO(checked.log);
  CHECK(checked.ok);
}

TEST_CASE("parameters that cannot be moved are reported as not checked", "[check_layer]") {
  CHECK(
      contains(painters::check_layer(WrongPart{}, typical).log,
               "not checked: the gradient with respect to the parameters, which needs add_scaled"));
}

TEST_CASE("states that show nothing about a layer are refused", "[check_layer]") {
  CHECK(contains(failures(toys::Scaling{}, Vector(3)), "found length 0: give one with typical"));
  CHECK(contains(failures(toys::Scaling{}, Vector{NAN}), "give one with typical values"));
  Shared state{std::make_shared<double>(3)};
  const auto checked = painters::check_layer([](Shared& s) { *s.value += 1; }, state);
  CHECK(contains(checked.log, "a copy of the state was expected to hold values of its own"));
  CHECK(*state.value == 3);
}
