# SPDX-License-Identifier: Apache-2.0
# One static library a folder: snapsecc_library(NAME SOURCES ... LINK ...). Includes are from the root: "ir/Policy.h".

add_library(snapsecc_options INTERFACE)
target_include_directories(snapsecc_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
target_include_directories(snapsecc_options SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS})
target_compile_options(snapsecc_options INTERFACE -Wall -Wextra -Werror -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(snapsecc_options INTERFACE -Wno-restrict) # false alarms on "..." + std::string: gcc.gnu.org/PR105651
endif()
if(SNAPSECC_SANITIZE)
  target_compile_options(snapsecc_options INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer)
  target_link_options(snapsecc_options INTERFACE -fsanitize=address,undefined)
endif()
if(SNAPSECC_FUZZERS)
  target_compile_options(snapsecc_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(SNAPSECC_STATIC)
  target_link_options(snapsecc_options INTERFACE -static)
endif()

function(snapsecc_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC snapsecc_options ${ARG_LINK} LLVMSupport)
endfunction()
