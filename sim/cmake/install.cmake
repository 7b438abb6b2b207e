# What `cmake --install` puts where, below the prefix; `uninstall` is a target that takes it away.
#
#     bin/hustings                    the program
#     lib/hustings/                   the library that shifts the clocks of what it starts
#     share/hustings/scenarios/       lessons, catalogue, examples, the schema
#     share/doc/hustings/             the manuals, beside each other as they are here
#
# The prefix can be moved as a whole: the program finds its parts from where it lies itself. The
# library of the elections alone: core.cmake.

include(GNUInstallDirs)
set(shared ${CMAKE_INSTALL_DATADIR}/hustings)

# From the program's own folder: where sim/processes/preload.c and sim/results/shipped.c look.
file(RELATIVE_PATH way_to_libraries ${CMAKE_INSTALL_FULL_BINDIR}
     ${CMAKE_INSTALL_FULL_LIBDIR}/hustings)
file(RELATIVE_PATH way_to_shared ${CMAKE_INSTALL_FULL_BINDIR}
     ${CMAKE_INSTALL_FULL_DATADIR}/hustings)
target_compile_definitions(hustings_hosts PRIVATE HUSTINGS_LIBRARIES="${way_to_libraries}"
    HUSTINGS_DEBIAN_LIBRARIES="../lib/${CMAKE_LIBRARY_ARCHITECTURE}/hustings")
target_compile_definitions(hustings_files PRIVATE HUSTINGS_SHARED="${way_to_shared}")

if(NOT HUSTINGS_INSTALL)
    return()
endif()

install(TARGETS hustings RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
get_target_property(core_type hustings_core TYPE)
if(core_type STREQUAL SHARED_LIBRARY)
    file(RELATIVE_PATH way_to_core ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
    set_target_properties(hustings PROPERTIES INSTALL_RPATH $ORIGIN/${way_to_core})
endif()
install(TARGETS hustings_clock LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/hustings
        COMPONENT program)

# Not what npm and runs left in there. Who may read and call them does not depend on the checkout:
# a script is what begins with #!.
set(runs OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
file(GLOB files RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS scenarios/*/* scenarios/*/*/*)
set(scripts)
foreach(file ${files})
    set(begins)
    if(NOT IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${file})
        file(READ ${file} begins LIMIT 2)
    endif()
    if(begins MATCHES "^#!")
        list(APPEND scripts PATTERN ${file} PERMISSIONS ${runs})
    endif()
endforeach()
install(DIRECTORY scenarios DESTINATION ${shared} COMPONENT program
        FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ
        DIRECTORY_PERMISSIONS ${runs}
        PATTERN node_modules EXCLUDE PATTERN __pycache__ EXCLUDE PATTERN results EXCLUDE
        ${scripts})
# By which scenarios/libraries/install installs, where it stands.
install(FILES sim/packages.sh DESTINATION ${shared}/sim COMPONENT program)

# The manuals refer to each other, and to scenarios/, by ways that are the same here and there.
foreach(manual LICENSE README.md README.zh.md results/README.md src/README.md sim/README.md
        .github/QUESTIONS.md .github/CONTRIBUTING.md .github/SECURITY.md .github/CITATION.cff
        .github/actions/run/action.yml sim/cli/MANUAL.md
        sim/report/picture.png sim/sweep/picture.svg tests/README.md tests/compare/README.md
        tests/install/three-members/CMakeLists.txt
        tests/install/three-members/three_members.c)
    get_filename_component(folder ${manual} DIRECTORY)
    install(FILES ${manual} DESTINATION ${CMAKE_INSTALL_DOCDIR}/${folder} COMPONENT program)
endforeach()
file(RELATIVE_PATH way ${CMAKE_INSTALL_FULL_DOCDIR} ${CMAKE_INSTALL_FULL_DATADIR}/hustings/scenarios)
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/doc)
file(CREATE_LINK ${way} ${PROJECT_BINARY_DIR}/doc/scenarios SYMBOLIC)
install(FILES ${PROJECT_BINARY_DIR}/doc/scenarios DESTINATION ${CMAKE_INSTALL_DOCDIR}
        COMPONENT program)
