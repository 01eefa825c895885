// at most: 3
//
// The umbrella header against what most programs include anyway.
#if PAINTERS_LARGE
#include <painters/painters.hpp>
#else
#include <algorithm>
#include <vector>
#endif
