# Writes the header with version and commit, if they changed. "-dirty" says that the program's own
# sources differ from the commit; an edited scenario does not make the program another one.
set(commit unknown)
find_program(GIT git)
if(GIT AND EXISTS ${SOURCE}/.git)
    execute_process(COMMAND ${GIT} -C ${SOURCE} describe --always --abbrev=12
                    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE
                    RESULT_VARIABLE failed ERROR_QUIET)
    if(failed)
        set(commit unknown)
    else()
        execute_process(COMMAND ${GIT} -C ${SOURCE} diff --quiet HEAD -- src sim CMakeLists.txt
                        RESULT_VARIABLE differs ERROR_QUIET)
        if(differs)
            string(APPEND commit -dirty)
        endif()
    endif()
endif()

set(text "#define HUSTINGS_VERSION \"${VERSION}\"\n#define HUSTINGS_COMMIT \"${commit}\"\n")
set(before "")
if(EXISTS ${HEADER})
    file(READ ${HEADER} before)
endif()
if(NOT text STREQUAL before)
    file(WRITE ${HEADER} "${text}")
endif()
