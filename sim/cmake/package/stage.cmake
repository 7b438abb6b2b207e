# Run by cpack on what `cmake --install` has laid out, before that is packed: makes of it what
# Debian's policy asks for. See ../package.cmake.

include(${CMAKE_CURRENT_LIST_DIR}/lists.cmake)
restore_lists(${CPACK_HUSTINGS_BUILD})

if(NOT CPACK_GENERATOR STREQUAL DEB)
    return()
endif()

# Without its name and time, as -n says, which would make other bytes each time.
function(compress)
    foreach(file ${ARGN})
        if(IS_SYMLINK ${file})
            file(READ_SYMLINK ${file} target)
            file(REMOVE ${file})
            file(CREATE_LINK ${target}.gz ${file}.gz SYMBOLIC)
        else()
            execute_process(COMMAND gzip -9n ${file} RESULT_VARIABLE failed)
            if(failed)
                message(FATAL_ERROR "gzip could not compress ${file}")
            endif()
        endif()
    endforeach()
endfunction()

# Debian's own record of the package, which differs from the list of changes for its users.
function(write_debian_changelog file)
    string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # of SOURCE_DATE_EPOCH
    set(version ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})
    file(WRITE ${file} "hustings (${version}) unstable; urgency=medium

  * What is new for users stands in changelog.gz, beside this file.

 -- ${CPACK_DEBIAN_PACKAGE_MAINTAINER}  ${date}
")
endfunction()

# lib/x86_64-linux-gnu is where Debian has libraries and looks for what pkg-config reads.
# sim/processes/preload.c looks there, too.
function(to_the_architectures_folder lib)
    set(architectures ${lib}/${CPACK_HUSTINGS_ARCHITECTURE})
    foreach(folder hustings pkgconfig)
        if(EXISTS ${lib}/${folder} AND NOT EXISTS ${architectures}/${folder})
            file(MAKE_DIRECTORY ${architectures})
            file(RENAME ${lib}/${folder} ${architectures}/${folder})
        endif()
    endforeach()
    # It said the prefix by its own place.
    set(file ${architectures}/pkgconfig/hustings-core.pc)
    if(EXISTS ${file})
        file(READ ${file} text)
        string(REGEX REPLACE "(^|\n)prefix=[^\n]*" "\\1prefix=/usr" text "${text}")
        file(WRITE ${file} "${text}")
    endif()
endfunction()

foreach(component_and_package program=hustings development=libhustings-dev)
    string(REGEX REPLACE "(.*)=(.*)" "\\1;\\2" pair ${component_and_package})
    list(GET pair 0 component)
    list(GET pair 1 package)
    set(place ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${component})
    set(stage ${place}/usr)
    if(NOT EXISTS ${stage})
        continue()
    endif()
    to_the_architectures_folder(${stage}/lib)
    set(docs ${stage}/share/doc/${package})
    if(component STREQUAL program)
        file(MAKE_DIRECTORY ${stage}/share/lintian/overrides)
        configure_file(${CMAKE_CURRENT_LIST_DIR}/overrides ${stage}/share/lintian/overrides/hustings
                       COPYONLY)
    endif()
    # The licence stands in copyright, which README and the like refer to as LICENSE.
    if(EXISTS ${docs}/LICENSE)
        file(REMOVE ${docs}/LICENSE)
        file(CREATE_LINK copyright ${docs}/LICENSE SYMBOLIC)
    endif()
    configure_file(${CMAKE_CURRENT_LIST_DIR}/copyright ${docs}/copyright COPYONLY)
    configure_file(${CPACK_HUSTINGS_SOURCE}/.github/CHANGELOG.md ${docs}/changelog COPYONLY)
    write_debian_changelog(${docs}/changelog.Debian)
    file(GLOB_RECURSE manuals ${stage}/share/man/*)
    compress(${docs}/changelog ${docs}/changelog.Debian ${manuals})
    # Whatever the umask is.
    execute_process(COMMAND chmod -R u=rwX,go=rX ${place})
endforeach()
