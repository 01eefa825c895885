#include "support/data.hpp"

namespace support {

std::filesystem::path source_folder() { return PAINTERS_SOURCE_DIR; }
std::filesystem::path data_folder() { return PAINTERS_DATA_DIR; }
std::filesystem::path configured_model() { return PAINTERS_MODEL; }

}  // namespace support
