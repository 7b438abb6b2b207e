# Installs scenarios/; runs at the installation, with `source` and `destination` set. It takes the
# files that git knows. Where there is no git, as in an archive that was unpacked: those of the kinds
# that we have, without what npm, runs and editors leave.

set(listed "")
find_program(HUSTINGS_GIT git)
if(HUSTINGS_GIT AND EXISTS "${source}/.git")
    execute_process(
        COMMAND "${HUSTINGS_GIT}" -C "${source}" -c core.quotePath=off ls-files -- scenarios
        OUTPUT_VARIABLE listed OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    string(REPLACE "\n" ";" listed "${listed}")
endif()
if(listed STREQUAL "")
    string(REGEX REPLACE "[][*]" "?" pattern "${source}") # a name of a folder is no pattern
    file(GLOB_RECURSE listed RELATIVE "${source}" "${pattern}/scenarios/*")
    list(FILTER listed INCLUDE REGEX "^scenarios/")
    list(FILTER listed EXCLUDE REGEX "/(node_modules|__pycache__|results)/|/[.]")
    list(FILTER listed INCLUDE REGEX
         "[.](yaml|yml|md|json|svg|csv|py|sh|cjs|mjs|php|pl|pm|rb)$|/(run|install|acknowledged-5)$")
endif()

# Who may read and call them does not depend on the checkout: a script is what begins with #!.
set(reads OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
set(runs OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS ${runs})
foreach(file IN LISTS listed)
    if(NOT EXISTS "${source}/${file}") # somebody took it away, and has not told git
        continue()
    endif()
    file(READ "${source}/${file}" begins LIMIT 2)
    set(permissions ${reads})
    if(begins MATCHES "^#!")
        set(permissions ${runs})
    endif()
    get_filename_component(folder "${file}" DIRECTORY)
    file(INSTALL DESTINATION "${destination}/${folder}" TYPE FILE PERMISSIONS ${permissions}
         FILES "${source}/${file}")
endforeach()
unset(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS)
