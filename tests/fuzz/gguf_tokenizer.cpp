// The tokenizer in a GGUF file, which also serves as a text.
#include <painters/formats/gguf.hpp>
#include <painters/text/gguf_tokenizer.hpp>

#include "fuzz/support.hpp"

using namespace painters;

PAINTERS_FUZZ {
  const auto file = formats::Gguf::open(fuzz::file("vocabulary.gguf", input));
  fuzz::use(text::read_tokenizer(file), input);
}
