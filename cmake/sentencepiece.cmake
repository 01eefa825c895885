# The target sentencepiece::sentencepiece. Not through pkg-config: on Debian 13 the package's .pc file also requires
# protobuf's, which users of the library do not need.
if(NOT TARGET sentencepiece::sentencepiece)
  find_path(PAINTERS_SENTENCEPIECE_INCLUDE_DIR sentencepiece_processor.h REQUIRED)
  find_library(PAINTERS_SENTENCEPIECE_LIBRARY sentencepiece REQUIRED)
  mark_as_advanced(PAINTERS_SENTENCEPIECE_INCLUDE_DIR PAINTERS_SENTENCEPIECE_LIBRARY)
  add_library(sentencepiece::sentencepiece UNKNOWN IMPORTED)
  set_target_properties(sentencepiece::sentencepiece PROPERTIES
    IMPORTED_LOCATION ${PAINTERS_SENTENCEPIECE_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${PAINTERS_SENTENCEPIECE_INCLUDE_DIR})
endif()
