# Takes away what `cmake --install` put somewhere last, by its list in the build folder, and the
# folders of ours that are empty then. What is gone already is no error; nor is a file that somebody
# else put into one of the folders: it stays, and so does its folder.
#
#     cmake -DBUILD=FOLDER -P uninstall.cmake
#
# As for an installation, DESTDIR in the environment is where it was staged.

file(GLOB lists ${BUILD}/install_manifest*.txt)
if(NOT lists)
    message(FATAL_ERROR "nothing was installed from ${BUILD}: it has no install_manifest.txt")
endif()
set(folders)
set(count 0)
foreach(list ${lists})
    file(STRINGS ${list} installed ENCODING UTF-8)
    foreach(path ${installed})
        set(path "$ENV{DESTDIR}${path}")
        if(EXISTS ${path} OR IS_SYMLINK ${path})
            file(REMOVE ${path})
            if(EXISTS ${path})
                message(FATAL_ERROR "cannot remove ${path}")
            endif()
            math(EXPR count "${count} + 1")
        endif()
        # Its folder, and those above it up to one of the name hustings.
        get_filename_component(folder ${path} DIRECTORY)
        while(folder MATCHES "/hustings(/|$)")
            list(APPEND folders ${folder})
            get_filename_component(folder ${folder} DIRECTORY)
        endwhile()
    endforeach()
    file(REMOVE ${list})
endforeach()

# The innermost first.
list(REMOVE_DUPLICATES folders)
list(SORT folders ORDER DESCENDING)
foreach(folder ${folders})
    file(GLOB left ${folder}/*)
    if(NOT left AND IS_DIRECTORY ${folder})
        file(REMOVE_RECURSE ${folder})
    endif()
endforeach()
message(STATUS "${count} files were removed")
