// What reads the files of models, for programs that link painters::model; see painters/compiled_once.hpp.
#include <painters/models/bert_file_reading.hpp>
#include <painters/models/causal_lm_file_reading.hpp>
#include <painters/models/model_tokenizer_reading.hpp>
#include <painters/text/tokenizer_parts.hpp>
