# How all of this is compiled and linked. Every target of ours links `hustings_flags`, privately and
# in this build alone, so that whoever links one of ours gets none of it:
#
#     target_link_libraries(mine PRIVATE $<BUILD_INTERFACE:hustings_flags>)
#
#     hustings_flags ─▶ hustings_warnings      what the compiler tells
#                    ├▶ hustings_places        that the place of the sources is not in the program
#                    └▶ hustings_hardening     what makes a bug harder to misuse
#     and the flags of the sanitizers or of gcov, with which there is no hardening.

option(HUSTINGS_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(HUSTINGS_SANITIZE_THREADS "Build with ThreadSanitizer" OFF)
option(HUSTINGS_COVERAGE "Build for gcov" OFF)
option(HUSTINGS_WERROR "Turn warnings into errors" OFF)

add_library(hustings_warnings INTERFACE)
target_compile_options(hustings_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       $<$<BOOL:${HUSTINGS_WERROR}>:-Werror>)

# Without optimisation there is no _FORTIFY_SOURCE. A level of the packager's own (CFLAGS, or
# CMAKE_C_FLAGS_RELEASE and the like) stays.
add_library(hustings_hardening INTERFACE)
target_compile_options(hustings_hardening INTERFACE -fstack-protector-strong)
foreach(config Release RelWithDebInfo MinSizeRel)
    string(TOUPPER ${config} name)
    if(NOT "${CMAKE_C_FLAGS} ${CMAKE_C_FLAGS_${name}}" MATCHES "_FORTIFY_SOURCE")
        target_compile_options(hustings_hardening INTERFACE $<$<CONFIG:${config}>:-U_FORTIFY_SOURCE>
                               $<$<CONFIG:${config}>:-D_FORTIFY_SOURCE=2>)
    endif()
endforeach()

# Everything may lie anywhere in memory. No function of ours is replaced by another of its name when
# the program is loaded, so the compiler may put one into the other.
include(CheckPIESupported)
check_pie_supported(LANGUAGES C)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
target_compile_options(hustings_hardening INTERFACE -fno-semantic-interposition)

# Places in the sources are said as sim/… and src/…: wherever it is built, the program is the same.
# (gcov and debuggers of a Debug build want to know the place.)
add_library(hustings_places INTERFACE)
if(NOT HUSTINGS_COVERAGE)
    target_compile_options(hustings_places INTERFACE
        $<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=>
        $<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_BINARY_DIR}=build>)
endif()

# Assertions stay on in every build.
add_library(hustings_flags INTERFACE)
target_compile_options(hustings_flags INTERFACE -UNDEBUG)
target_link_libraries(hustings_flags INTERFACE hustings_warnings hustings_places)
set(checkers)
if(HUSTINGS_SANITIZE)
    list(APPEND checkers -fsanitize=address,undefined)
    target_compile_options(hustings_flags INTERFACE -fno-sanitize-recover=undefined)
endif()
if(HUSTINGS_SANITIZE_THREADS)
    list(APPEND checkers -fsanitize=thread)
endif()
if(HUSTINGS_COVERAGE)
    list(APPEND checkers --coverage)
    target_compile_options(hustings_flags INTERFACE -O0)
endif()
if(checkers)
    target_compile_options(hustings_flags INTERFACE ${checkers} -fno-omit-frame-pointer)
    target_link_options(hustings_flags INTERFACE ${checkers})
else()
    target_link_libraries(hustings_flags INTERFACE hustings_hardening)
endif()

# Symbols are bound once, before forking, not by every forked process for itself; then the tables of
# addresses are made read-only.
add_link_options(-Wl,-z,relro -Wl,-z,now)
