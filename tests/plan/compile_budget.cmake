# Compiles a program with a plan of 24 calls and one with 96: types do not grow with depth, so the second may not
# take much longer. Run with -DCOMPILER=... -DINCLUDE=... -DFOLDER=...; a ratio survives slow machines.
set(source [[
#include <painters/painters.hpp>
using namespace painters;
constexpr auto all = Sequence<CALLS>{};
constexpr auto plan = all | window<5, 18>(ParallelMean{} | Loop<3>{}) | Reverse<1, 4>{} | Repeat<2>{};
template <auto named>
std::size_t layers() {
  std::size_t total = 0;
  for_each_call(named, [&](const Node& node) { total += node.value; });
  return total;
}
std::size_t total() { return layers<exact<plan>>(); }
]])
foreach(calls 24 96)
  string(REPLACE CALLS ${calls} text "${source}")
  file(WRITE ${FOLDER}/calls_${calls}.cpp "${text}")
  string(TIMESTAMP begin "%s%f")
  execute_process(COMMAND ${COMPILER} -std=c++20 -O2 -I${INCLUDE} -c ${FOLDER}/calls_${calls}.cpp
                          -o ${FOLDER}/calls_${calls}.o COMMAND_ERROR_IS_FATAL ANY)
  string(TIMESTAMP end "%s%f")
  math(EXPR took_${calls} "${end} - ${begin}")
endforeach()
message("24 calls: ${took_24} us, 96 calls: ${took_96} us")
math(EXPR limit "3 * ${took_24}")
if(took_96 GREATER limit)
  message(FATAL_ERROR "a plan of 96 calls takes more than 3 times as long to compile as one of 24")
endif()
