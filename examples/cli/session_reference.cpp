#include <painters/backend/reference.hpp>

#include "session_on.hpp"

namespace painters::cli {

template std::unique_ptr<Session> open_session_on<backend::Reference>(const std::filesystem::path&,
                                                                      const SessionOptions&);

}  // namespace painters::cli
