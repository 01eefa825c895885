// expect: painters: part_names() of a layer gives a range of std::string_view, the name of part 1
// first; what they view must live as long as the layer
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <painters/pipeline/facts.hpp>
#include <painters/pipeline/stack.hpp>

using namespace painters;

struct Block {
#ifdef PAINTERS_MISTAKE
  std::vector<std::string> part_names() const { return {"mixer", "mlp"}; }
#else
  static constexpr std::array<std::string_view, 2> part_names() { return {"mixer", "mlp"}; }
#endif
};

void f(const Stack<Block>& net) {
  part_names(net);  // here
}
