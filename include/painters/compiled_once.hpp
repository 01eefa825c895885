// Whether what reads files of models is compiled in every translation unit that uses it or only
// once.
//
// painters is header-only unless PAINTERS_COMPILED_ONCE is defined, as the CMake target
// painters::model does: then headers declare these functions, and cmake/model_files.cpp defines
// them. All files of a program must agree on that. The definitions are weak, because a file that
// includes one of the headers that define them (text/load_tokenizer.hpp, say) has them, too.
#pragma once

#ifdef PAINTERS_COMPILED_ONCE
#define PAINTERS_INLINE [[gnu::weak]]
#else
/// What stands before a definition.
#define PAINTERS_INLINE inline
#endif
