# The lists of what `cmake --install` installed, which `uninstall` reads. cpack writes
# its own over them: settings.cmake keeps them before, stage.cmake puts them back. If cpack was ended
# between the two, whoever comes next puts them back: `uninstall`, or the next cpack.

set(installed_lists install_manifest.txt install_manifest_program.txt
    install_manifest_development.txt)

# A list that is not there is kept as an empty one: cpack's must not stay in its place.
function(keep_lists build)
    restore_lists("${build}")
    foreach(name ${installed_lists})
        if(EXISTS "${build}/${name}")
            file(RENAME "${build}/${name}" "${build}/${name}.kept")
        else()
            file(WRITE "${build}/${name}.kept" "")
        endif()
    endforeach()
endfunction()

function(restore_lists build)
    foreach(name ${installed_lists})
        if(EXISTS "${build}/${name}.kept")
            file(READ "${build}/${name}.kept" text)
            file(REMOVE "${build}/${name}")
            if(text STREQUAL "")
                file(REMOVE "${build}/${name}.kept")
            else()
                file(RENAME "${build}/${name}.kept" "${build}/${name}")
            endif()
        endif()
    endforeach()
endfunction()
