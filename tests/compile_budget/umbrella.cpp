// at most: 1.15
//
// The umbrella header against what many programs include anyway. The two take about the same time, so that noise,
// which weighs on a short measurement more than on a long one, does not decide.
#if PAINTERS_LARGE
#include <painters/painters.hpp>
#else
#include <algorithm>
#include <functional>
#include <iostream>
#include <map>
#include <vector>
#endif
