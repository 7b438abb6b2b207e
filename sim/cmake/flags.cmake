# How all of this is compiled and linked.

# Assertions stay on in every build.
foreach(type RELEASE RELWITHDEBINFO MINSIZEREL)
    string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_${type} "${CMAKE_C_FLAGS_${type}}")
endforeach()

option(HUSTINGS_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(HUSTINGS_SANITIZE_THREADS "Build with ThreadSanitizer" OFF)
option(HUSTINGS_COVERAGE "Build for gcov" OFF)
option(HUSTINGS_WERROR "Turn warnings into errors" OFF)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(HUSTINGS_WERROR)
    add_compile_options(-Werror)
endif()
if(HUSTINGS_SANITIZE)
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined
                        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()
if(HUSTINGS_SANITIZE_THREADS)
    add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
    add_link_options(-fsanitize=thread)
endif()
if(HUSTINGS_COVERAGE)
    add_compile_options(--coverage -O0)
    add_link_options(--coverage)
endif()

# Symbols are bound once, before forking, not by every forked process for itself.
add_link_options(-Wl,-z,now)
