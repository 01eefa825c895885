#ifdef PAINTERS_HAS_ONEDNN
#include <painters/backend/onednn.hpp>

#include "session_on.hpp"

namespace painters::cli {

template std::unique_ptr<Session> open_session_on<backend::OneDnn>(const std::filesystem::path&,
                                                                   const SessionOptions&);

}  // namespace painters::cli
#endif
