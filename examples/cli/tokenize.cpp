// painters tokenize: texts to token ids and back; a model's weights are not needed.
#include <cstddef>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <painters/error.hpp>
#include <painters/formats/json.hpp>
#include <painters/formats/jsonl.hpp>
#include <painters/text/load_tokenizer.hpp>
#include <painters/text/text_template.hpp>
#include <painters/text/token.hpp>
#include <painters/text/tokenizer.hpp>

#include "commands.hpp"
#include "common.hpp"
#include "output.hpp"

namespace painters::cli {

namespace {

struct Options {
  std::string model;
  std::optional<std::string> text;
  std::string input;
  std::string output;
  bool add_special = false;
  std::size_t max_length = text::unlimited;
  bool json = false;
};

/// On one line, with U+FFFD where text is not UTF-8, as in tokens that end within a character.
std::string line_of(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

text::Encoding encode(const text::Tokenizer& tokenizer, const std::string& first,
                      const std::optional<std::string>& second, const Options& options) {
  const std::size_t most = options.max_length;
  if (!options.add_special) {
    const text::TextTemplate nothing;
    return text::assemble(second ? nothing.pair : nothing.single, tokenizer.encode(first),
                          second ? tokenizer.encode(*second) : text::Tokens(), most);
  }
  text::Encoding encoding = second ? tokenizer.encode_with_special(first, *second, most)
                                   : tokenizer.encode_with_special(first, most);
  if (encoding.ids.size() > most)
    throw UsageError("expected a --max-length of at least " + std::to_string(encoding.ids.size()) +
                     ", the tokens that --add-special adds, found " + std::to_string(most));
  return encoding;
}

std::vector<std::string> pieces_of(const text::Tokenizer& tokenizer, const text::Tokens& ids) {
  std::vector<std::string> pieces;
  pieces.reserve(ids.size());
  for (const text::TokenId id : ids) pieces.push_back(tokenizer.piece(id));
  return pieces;
}

/// {"ids", "pieces"}, and "token_types" of a pair of texts.
nlohmann::ordered_json json_of(const text::Tokenizer& tokenizer, const text::Encoding& encoding,
                               bool pair) {
  nlohmann::ordered_json json{{"ids", encoding.ids},
                              {"pieces", pieces_of(tokenizer, encoding.ids)}};
  if (pair) json["token_types"] = encoding.types;
  return json;
}

/// The line of output that answers a line of the input.
std::string answer(const text::Tokenizer& tokenizer, const formats::JsonObject& line,
                   const Options& options) {
  if (line.contains("text") == line.contains("ids"))
    throw Error(line.place() + ": expected either \"text\" or \"ids\", found " +
                (line.contains("text") ? "both" : "neither"));
  if (line.contains("ids")) {
    const auto ids = line.get<text::Tokens>("ids");
    try {
      return line_of({{"text", tokenizer.decode(ids)}});
    } catch (const Error& e) {
      throw Error(line.place() + ": " + e.what());
    }
  }
  const auto second = line.find<std::string>("text_pair");
  return line_of(json_of(tokenizer,
                         encode(tokenizer, line.get<std::string>("text"), second, options),
                         second.has_value()));
}

void print(const text::Tokenizer& tokenizer, const text::Tokens& ids) {
  fmt::print("{:>8}  piece\n", "id");
  for (const text::TokenId id : ids) fmt::print("{:>8}  {}\n", id, tokenizer.piece(id));
  fmt::print("{} tokens\n", ids.size());
  std::fflush(stdout);
}

void run(const Options& options) {
  if (options.text.has_value() != options.input.empty())
    throw UsageError(
        options.text ? "expected a text or --input, found both; leave one of them out"
                     : "expected a text or --input, found neither; see painters tokenize --help");
  if (options.text && !options.output.empty() && !options.json)
    throw UsageError("expected --format json or --input with --output, found neither");
  const text::Tokenizer tokenizer = text::load_tokenizer(model_path(options.model));
  std::vector<std::string> lines;
  if (options.text) {
    const text::Encoding encoding = encode(tokenizer, *options.text, {}, options);
    if (!options.json) return print(tokenizer, encoding.ids);
    lines.push_back(line_of(json_of(tokenizer, encoding, false)));
  } else {
    formats::for_each_jsonl(options.input, [&](const formats::JsonObject& line) {
      lines.push_back(answer(tokenizer, line, options));
    });
  }
  LineFile file(options.output, lines.size(), [&](std::size_t i) { return std::move(lines[i]); });
  for (std::size_t i = 0; i < lines.size(); ++i) file.ready(i);
  file.finish();
}

}  // namespace

void add_tokenize(CLI::App& program) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("tokenize", "Token ids of texts, and texts of ids");
  command->add_option("text", options->text, "A text");
  command->add_option(
      "--model", options->model,
      "A .gguf file, with weights or without, or a folder with tokenizer.json, tokenizer.model or "
      "vocab.txt (default: the model that set-up fetched)");
  command->add_option("--input", options->input,
                      "A file with a line for each text, {\"text\"}, with \"text_pair\" where the "
                      "model reads two, or for each list of tokens, {\"ids\"}");
  command->add_option("--output", options->output,
                      "Write {\"ids\", \"pieces\"} or {\"text\"} for each line to this file "
                      "(default: standard output)");
  command->add_flag("--add-special", options->add_special,
                    "Add what the model puts around a text, such as [CLS] and [SEP]");
  command
      ->add_option("--max-length", options->max_length,
                   "Cut texts at their ends to this many tokens in all, special ones included; of "
                   "a pair the longer text first, as the tokenizers library does")
      ->check(CLI::PositiveNumber);
  add_format_option(*command, options->json);
  command->footer(
      "Examples:\n"
      "  painters tokenize \"Paris is in France.\"\n"
      "  painters tokenize --model bert --add-special --input texts.jsonl --output ids.jsonl");
  command->callback([options] { run(*options); });
}

}  // namespace painters::cli
