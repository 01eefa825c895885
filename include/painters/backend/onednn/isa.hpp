// The instruction set that this translation unit is compiled for, as the name of an inline
// namespace: two units built with different flags then hold different functions instead of two
// definitions of one.
#pragma once

#if defined(__AVX512F__)
#define PAINTERS_ISA avx512
#elif defined(__AVX2__) && defined(__FMA__)
#define PAINTERS_ISA avx2
#elif defined(__AVX__)
#define PAINTERS_ISA avx
#else
#define PAINTERS_ISA baseline
#endif
#define PAINTERS_ISA_STRING_(name) #name
#define PAINTERS_ISA_STRING(name) PAINTERS_ISA_STRING_(name)

namespace painters::backend::inline PAINTERS_ISA {

/// For reports: what this program's own kernels were compiled for (oneDNN chooses by itself when it
/// runs).
inline constexpr const char* compiled_isa() { return PAINTERS_ISA_STRING(PAINTERS_ISA); }

}  // namespace painters::backend::inline PAINTERS_ISA
