// Where does a model keep what tells two texts apart? The states of one text are put into the run
// of another, at one layer and token at a time, and a figure shows how far that turns the answer.
// Arguments: MODEL [FIGURE.svg [EVERY]]; one in EVERY layers is a row, by default the third.
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

#include <painters/model.hpp>

using namespace painters;

namespace {

/// How far the answer turns with the state of each token before a layer.
struct Row {
  std::size_t layer;
  std::vector<double> shares;
};

/// Rows are layers, columns tokens: 0 white, 1 dark.
void write_figure(const std::string& path, const std::vector<Row>& rows,
                  const std::vector<std::string>& tokens) {
  constexpr int wide = 64, high = 14, left = 40, top = 24;
  std::ofstream svg(path);
  svg << "<svg xmlns='http://www.w3.org/2000/svg' font-family='sans-serif' font-size='11' width='"
      << left + wide * static_cast<int>(tokens.size()) + 10 << "' height='"
      << top + high * static_cast<int>(rows.size()) + 10 << "'>\n";
  for (std::size_t t = 0; t < tokens.size(); ++t)
    svg << "<text x='" << left + wide * static_cast<int>(t) + 4 << "' y='16'>" << tokens[t]
        << "</text>\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const int y = top + high * static_cast<int>(r);
    svg << "<text x='8' y='" << y + 11 << "'>" << rows[r].layer << "</text>\n";
    for (std::size_t t = 0; t < tokens.size(); ++t) {
      const int light = 255 - static_cast<int>(205 * std::clamp(rows[r].shares[t], 0.0, 1.0));
      svg << "<rect x='" << left + wide * static_cast<int>(t) << "' y='" << y << "' width='" << wide
          << "' height='" << high << "' fill='rgb(" << light << "," << light << ",255)'><title>"
          << rows[r].shares[t] << "</title></rect>\n";
    }
  }
  svg << "</svg>\n";
  if (!svg.flush()) throw Error("expected to write " + path + ", but that failed");
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) throw UsageError("expected a model's file or folder as the first argument");
  const Model model(argv[1]);
  const std::size_t every = argc > 3 ? std::max(1ul, std::strtoul(argv[3], nullptr, 10)) : 3;
  const text::Tokens clean = model.tokens("The capital of France is");
  const text::Tokens other = model.tokens("The capital of Italy is");
  if (clean.size() != other.size()) throw Error("expected two texts of as many tokens");
  const auto paris = static_cast<std::size_t>(model.tokens(" Paris")[0]);
  const auto rome = static_cast<std::size_t>(model.tokens(" Rome")[0]);
  const Plan all = model.all();
  const auto difference = [&](const tensor::Buffer& logits) {
    const float* last = logits.view().row(logits.rows() - 1);
    return static_cast<double>(last[paris]) - static_cast<double>(last[rome]);
  };
  const double of_clean = difference(model.logits(all, clean));
  const double of_other = difference(model.logits(all, other));

  std::vector<KeptValues> kept;  // the clean text's state before each layer
  ActivationHooks keep;
  model.states(all, clean, keep.keep(HookPoint::resid_pre, {}, kept));

  // Text number t gets the clean state of token t: a row of the figure is one batch.
  std::vector<Row> rows;
  const std::vector<TextInput> texts(other.size(), other);
  for (std::size_t layer = 0; layer < model.num_hidden_layers(); layer += every) {
    ActivationHooks patch;
    for (std::size_t t = 0; t < other.size(); ++t)
      patch.change(HookPoint::resid_pre,
                   {.layers = {layer}, .texts = {t}, .positions = {static_cast<int>(t)}},
                   [&kept, layer, t](const HookedValues& x) {
                     copy(kept[layer].values.view().middle_rows(t, 1), x.values);
                   });
    Row& row = rows.emplace_back(Row{layer, {}});
    for (const tensor::Buffer& logits : model.logits(all, texts, patch))
      row.shares.push_back((difference(logits) - of_other) / (of_clean - of_other));
  }

  std::vector<std::string> names;
  for (const text::TokenId& id : other) names.push_back(model.text({&id, 1}));
  if (argc > 2) write_figure(argv[2], rows, names);
  std::cout << std::fixed << std::setprecision(2) << "share of the answer that one state turns\n";
  for (const Row& row : rows) {
    std::cout << std::setw(5) << row.layer;
    for (const double share : row.shares) std::cout << std::setw(7) << share;
    std::cout << "\n";
  }
} catch (const std::exception& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
