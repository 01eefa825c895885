#include <painters/machine_limits.hpp>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace painters;
using machine_detail::group_limits;

namespace {

/// A file system with control groups.
class Root {
 public:
  Root& file(const std::string& name, const std::string& text) {
    const auto path = folder_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
    return *this;
  }
  machine_detail::GroupLimits limits() const { return group_limits(folder_.path()); }

 private:
  support::TemporaryFolder folder_;
};

constexpr std::size_t no_bytes = std::numeric_limits<std::size_t>::max();
constexpr double no_cores = std::numeric_limits<double>::max();

}  // namespace

TEST_CASE("a container's memory and cores are those of its control groups", "[machine]") {
  SECTION("version 2") {
    const auto limits = Root()
                            .file("proc/self/cgroup", "0::/pod/box\n")
                            .file("sys/fs/cgroup/pod/memory.max", "4000000000\n")
                            .file("sys/fs/cgroup/pod/cpu.max", "max 100000\n")
                            .file("sys/fs/cgroup/pod/box/memory.max", "max\n")
                            .file("sys/fs/cgroup/pod/box/cpu.max", "150000 100000\n")
                            .limits();
    CHECK(limits.memory == 4000000000u);  // of the group around
    CHECK(limits.cores == 1.5);
  }
  SECTION("version 2, with the group as the root that a container sees") {
    const auto limits = Root()
                            .file("proc/self/cgroup", "0::/../../docker/17ab\n")
                            .file("sys/fs/cgroup/memory.max", "1073741824\n")
                            .file("sys/fs/cgroup/cpu.max", "400000 100000\n")
                            .limits();
    CHECK(limits.memory == 1073741824u);
    CHECK(limits.cores == 4);
  }
  SECTION("version 1") {
    const auto limits =
        Root()
            .file("proc/self/cgroup", "12:cpu,cpuacct:/docker/17ab\n4:memory:/docker/17ab\n0::/\n")
            .file("sys/fs/cgroup/memory/memory.limit_in_bytes", "536870912\n")
            .file("sys/fs/cgroup/cpu,cpuacct/docker/17ab/cpu.cfs_quota_us", "50000")
            .file("sys/fs/cgroup/cpu,cpuacct/docker/17ab/cpu.cfs_period_us", "100000")
            .limits();
    CHECK(limits.memory == 536870912u);
    CHECK(limits.cores == 0.5);
  }
  SECTION("no limits") {
    const auto limits =
        Root()
            .file("proc/self/cgroup", "4:memory:/\n3:cpu:/\n0::/\n")
            .file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
            .file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n")
            .file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n")
            .file("sys/fs/cgroup/unified/cpu.max", "max 100000\n")
            .limits();
    CHECK(limits.memory == no_bytes);
    CHECK(limits.cores == no_cores);
  }
  SECTION("no control groups, or files that say nothing") {
    CHECK(Root().limits().memory == no_bytes);
    CHECK(Root()
              .file("proc/self/cgroup", "no colons\n0::/a\n")
              .file("sys/fs/cgroup/a/cpu.max", "")
              .file("sys/fs/cgroup/a/memory.max", "much")
              .limits()
              .cores == no_cores);
  }
}

TEST_CASE("this process has some memory and a thread", "[machine]") {
  CHECK(machine_memory() >= std::size_t{64} << 20);
  CHECK(default_weights_memory() <= machine_memory() / 2);
  CHECK(machine_threads(1) == 1);
  CHECK(machine_threads(1000000) >= 1);
}
