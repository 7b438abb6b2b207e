# Takes away what `cmake --install` put somewhere last, by its list in the build folder, and the
# folders of ours that are empty then. What is gone already is no error; nor is a file that somebody
# else put into one of the folders: it stays, and so does its folder.
#
#     cmake -DBUILD=FOLDER -P uninstall.cmake
#
# As for an installation, DESTDIR in the environment is where it was staged. Names of folders have
# any characters: none of them goes through a list or a pattern of CMake's.

include(${CMAKE_CURRENT_LIST_DIR}/package/lists.cmake)
restore_lists("${BUILD}")
set(text "")
foreach(name ${installed_lists})
    if(EXISTS "${BUILD}/${name}")
        file(READ "${BUILD}/${name}" some)
        string(APPEND text "${some}\n")
    endif()
endforeach()
if(text STREQUAL "")
    message(FATAL_ERROR "nothing was installed from ${BUILD}: it has no install_manifest.txt")
endif()

# Takes the first line of `rest`: sets `path` and `rest`.
macro(next_path)
    string(FIND "${rest}" "\n" end)
    string(SUBSTRING "${rest}" 0 ${end} path)
    math(EXPR end "${end} + 1")
    string(SUBSTRING "${rest}" ${end} -1 rest)
endmacro()

# CMake itself writes a name with a ; as two lines. Nothing is removed by such a list.
set(rest "${text}")
while(NOT rest STREQUAL "")
    next_path()
    if(NOT path STREQUAL "" AND (NOT path MATCHES "^/" OR IS_DIRECTORY "$ENV{DESTDIR}${path}")
       AND NOT IS_SYMLINK "$ENV{DESTDIR}${path}")
        message(FATAL_ERROR "\"${path}\", in the list of what was installed, is no file. Has the "
                "prefix a ; in its name? Then remove the files there by hand.")
    endif()
endwhile()

set(count 0)
set(rest "${text}")
while(NOT rest STREQUAL "")
    next_path()
    set(path "$ENV{DESTDIR}${path}")
    if(path MATCHES "[^/]$" AND (EXISTS "${path}" OR IS_SYMLINK "${path}"))
        file(REMOVE "${path}")
        if(EXISTS "${path}" OR IS_SYMLINK "${path}")
            message(FATAL_ERROR "cannot remove ${path}")
        endif()
        math(EXPR count "${count} + 1")
    endif()
endwhile()

# The folder of each, and those above it up to one of the name hustings: rmdir takes none that has
# something in it.
set(rest "${text}")
while(NOT rest STREQUAL "")
    next_path()
    get_filename_component(folder "$ENV{DESTDIR}${path}" DIRECTORY)
    set(failed 0)
    while(folder MATCHES "/hustings(/|$)" AND NOT failed)
        if(IS_DIRECTORY "${folder}")
            execute_process(COMMAND rmdir -- "${folder}" RESULT_VARIABLE failed ERROR_QUIET)
        endif()
        get_filename_component(folder "${folder}" DIRECTORY)
    endwhile()
endwhile()
foreach(name ${installed_lists})
    file(REMOVE "${BUILD}/${name}")
endforeach()
message(STATUS "${count} files were removed")
