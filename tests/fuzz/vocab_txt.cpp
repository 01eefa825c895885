// A vocab.txt, byte 0, a text.
#include <painters/text/vocab_txt_tokenizer.hpp>

#include "fuzz/support.hpp"

using namespace painters;

PAINTERS_FUZZ {
  const auto path = fuzz::file("vocab.txt", fuzz::part(input));
  fuzz::use(text::read_vocab_txt(path), input);
}
