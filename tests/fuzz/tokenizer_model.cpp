// A tokenizer.model, which also serves as a text.
#include <painters/text/load_tokenizer.hpp>

#include "fuzz/support.hpp"

using namespace painters;

PAINTERS_FUZZ {
  fuzz::use(text::read_tokenizer_model(fuzz::file("tokenizer.model", input)), input);
}
