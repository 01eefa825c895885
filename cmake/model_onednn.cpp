// Models on oneDNN, for programs that link painters::model; see painters/front/loaded_model_on.hpp.
#ifdef PAINTERS_HAS_ONEDNN

#include <painters/backend/onednn.hpp>
#include <painters/front/loaded_model_on.hpp>

namespace painters::front {

template std::unique_ptr<LoadedModel> open_model_on<backend::OneDnn>(const std::filesystem::path&,
                                                                     const ModelOptions&);

}  // namespace painters::front

#endif
