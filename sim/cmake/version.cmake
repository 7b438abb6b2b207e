# Which version and which commit the sources are.
#
#   cmake -DSOURCE=… -DVERSION=… -DHEADER=… -P version.cmake    writes the header, if they changed
#   include(…/version.cmake)                                    has the function alone
#
# The version is that of project() in CMakeLists.txt, or that of the last tag (v0.2.0) if that is
# newer. Commits after the tag are counted: 0.2.0+12. Before the tag of project()'s version that
# version is not out yet, and the day and minute of the commit (UTC) stand behind it:
# 0.2.0~20261130.0139. Debian, RPM and `sort -V` know it as older than 0.2.0, and as newer than one
# of an earlier commit. Who unpacked an archive has no git: there the file archive.txt says it, which
# `git archive` fills. Where nothing tells the commit, it is project()'s.

# hustings_identify(FOLDER VERSION): sets `version`, `commit` ("unknown" if nothing tells it; with
# "-dirty" if the program's own sources differ from it, for an edited scenario does not make the
# program another one) and `committed` (seconds of Unix time, or empty).
function(hustings_identify folder version)
    set(commit unknown)
    set(committed "")
    set(described "")
    set(tag "")
    file(STRINGS ${folder}/sim/cmake/archive.txt lines)
    foreach(line ${lines})
        if(line MATCHES "^(commit|described|committed) ([-.+0-9a-z]+)$")
            set(${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
        endif()
    endforeach()
    if(commit STREQUAL unknown)
        hustings_ask_git(${folder})
    else()
        string(SUBSTRING ${commit} 0 12 commit)
    endif()
    if(described MATCHES "^v([0-9]+\\.[0-9]+\\.[0-9]+)(-([0-9]+)-g[0-9a-f]+)?$")
        set(tag ${CMAKE_MATCH_1})
        set(after "${CMAKE_MATCH_3}")
        if(tag VERSION_GREATER_EQUAL version)
            set(version ${tag})
            if(after)
                string(APPEND version +${after})
            endif()
        else()
            set(tag "")
        endif()
    endif()
    if(committed AND tag STREQUAL "")
        hustings_day(${committed} day)
        string(APPEND version ~${day})
    endif()
    foreach(name version commit committed)
        set(${name} "${${name}}" PARENT_SCOPE)
    endforeach()
endfunction()

# Seconds of Unix time as 20261130.0139.
function(hustings_day seconds result)
    set(before "$ENV{SOURCE_DATE_EPOCH}")
    set(ENV{SOURCE_DATE_EPOCH} ${seconds})
    string(TIMESTAMP day "%Y%m%d.%H%M" UTC)
    if(before STREQUAL "")
        unset(ENV{SOURCE_DATE_EPOCH})
    else()
        set(ENV{SOURCE_DATE_EPOCH} ${before})
    endif()
    set(${result} ${day} PARENT_SCOPE)
endfunction()

# The same three, with `described` for the version, from a checkout. A folder within a checkout of
# something else is none.
macro(hustings_ask_git folder)
    find_program(HUSTINGS_GIT git)
    if(HUSTINGS_GIT AND EXISTS ${folder}/.git)
        set(git ${HUSTINGS_GIT} -C ${folder})
        execute_process(COMMAND ${git} log -1 --abbrev=12 "--format=%h;%ct" OUTPUT_VARIABLE head
                        OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed ERROR_QUIET)
        if(NOT failed)
            list(GET head 0 commit)
            list(GET head 1 committed)
            execute_process(COMMAND ${git} describe --tags --match "v[0-9]*.[0-9]*.[0-9]*"
                                    --exclude "*-*"
                            OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
            execute_process(COMMAND ${git} diff --quiet HEAD -- src sim CMakeLists.txt
                            RESULT_VARIABLE differs ERROR_QUIET)
            if(differs)
                string(APPEND commit -dirty)
            endif()
        endif()
    endif()
endmacro()

if(HEADER)
    hustings_identify(${SOURCE} ${VERSION})
    set(text "#define HUSTINGS_VERSION \"${version}\"\n#define HUSTINGS_COMMIT \"${commit}\"\n")
    set(before "")
    if(EXISTS ${HEADER})
        file(READ ${HEADER} before)
    endif()
    if(NOT text STREQUAL before)
        file(WRITE ${HEADER} "${text}")
    endif()
endif()
