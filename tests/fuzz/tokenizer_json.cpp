// A tokenizer.json, byte 0, a tokenizer_config.json, byte 0, a text.
#include <painters/text/json_tokenizer.hpp>

#include "fuzz/support.hpp"

using namespace painters;

PAINTERS_FUZZ {
  const auto path = fuzz::file("tokenizer.json", fuzz::part(input));
  fuzz::file("tokenizer_config.json", input.empty() ? "{}" : fuzz::part(input));
  fuzz::use(text::read_tokenizer_json(path), input);
}
