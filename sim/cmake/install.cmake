# What `cmake --install` puts where, below the prefix; `uninstall` is a target that takes it away.
#
#     bin/hustings                    the program
#     lib/hustings/                   the library that shifts the clocks of what it starts
#     share/hustings/scenarios/       lessons, catalogue, examples, the schema
#     share/doc/hustings/             the manuals, beside each other as they are here; those of
#                                     .github/ are in project/
#     share/man/                      pages for man; and completions for bash, zsh and fish, each
#                                     where its shell looks for them
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

# Only the files that belong there; asked at the installation, for files come and go.
install(CODE "set(source \"${PROJECT_SOURCE_DIR}\")" COMPONENT program)
if(IS_ABSOLUTE ${shared})
    install(CODE "set(destination \"${shared}\")" COMPONENT program)
else()
    install(CODE "set(destination \"\${CMAKE_INSTALL_PREFIX}/${shared}\")" COMPONENT program)
endif()
install(SCRIPT sim/cmake/shipped.cmake COMPONENT program)
# By which scenarios/libraries/install installs, where it stands.
install(FILES sim/packages.sh DESTINATION ${shared}/sim COMPONENT program)

# The manuals, and all that they refer to, at the same ways to each other as here. Those in
# scenarios/ are there already, and have a link beside the others.
set(manuals LICENSE README.md README.zh.md)
set(unread ${manuals})
foreach(folder course catalogue own libraries .)
    list(APPEND unread scenarios/${folder}/README.md)
endforeach()
while(unread)
    list(POP_FRONT unread manual)
    if(NOT manual MATCHES "[.]md$")
        continue()
    endif()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${manual})
    get_filename_component(folder ${PROJECT_SOURCE_DIR}/${manual} DIRECTORY)
    file(READ ${manual} text)
    string(REPLACE "](" "<" text "${text}")
    string(REGEX REPLACE "[][;]" " " text "${text}") # in lists they mean something
    string(REGEX MATCHALL "<[^<>()#:; ]+" links "${text}")
    foreach(link ${links})
        string(SUBSTRING ${link} 1 -1 link)
        get_filename_component(path ${link} ABSOLUTE BASE_DIR ${folder})
        file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${path})
        if(NOT path MATCHES "^(scenarios|[.][.])" AND NOT path IN_LIST manuals
           AND EXISTS ${PROJECT_SOURCE_DIR}/${path}
           AND NOT IS_DIRECTORY ${PROJECT_SOURCE_DIR}/${path})
            list(APPEND manuals ${path})
            list(APPEND unread ${path})
        endif()
    endforeach()
endwhile()
# Two things are other there: the pages of .github/ stand in project/, since nobody sees a folder
# whose name begins with a dot, and the program is called hustings.
set(called "\nHere hustings is installed: for `sim/hustings` type `hustings`, and for a file such as
`scenarios/course/01-*.yaml` its name, `course/01`.\n")
set(docs ${PROJECT_BINARY_DIR}/doc)
foreach(manual ${manuals})
    set(from ${manual})
    string(REGEX REPLACE "^[.]github/([^/]+)$" "project/\\1" place ${manual})
    if(manual MATCHES "[.]md$")
        file(READ ${manual} text)
        string(REGEX REPLACE "(\\]\\(([.][.]/)*)[.]github/([^/)]+[)#])" "\\1project/\\3" text "${text}")
        if(manual STREQUAL README.md)
            string(REGEX REPLACE "^(# hustings\n)" "\\1${called}" text "${text}")
        endif()
        set(from ${docs}/${place})
        file(WRITE ${from} "${text}")
    endif()
    get_filename_component(folder ${place} DIRECTORY)
    install(FILES ${from} DESTINATION ${CMAKE_INSTALL_DOCDIR}/${folder} COMPONENT program)
endforeach()
install(FILES tests/install/three-members/CMakeLists.txt COMPONENT program
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/tests/install/three-members)
file(RELATIVE_PATH way ${CMAKE_INSTALL_FULL_DOCDIR} ${CMAKE_INSTALL_FULL_DATADIR}/hustings/scenarios)
file(MAKE_DIRECTORY ${docs})
file(CREATE_LINK ${way} ${docs}/scenarios SYMBOLIC)
install(FILES ${docs}/scenarios DESTINATION ${CMAKE_INSTALL_DOCDIR}
        COMPONENT program)

# Made from the tables of the command line, see manual.cmake.
set(manual ${PROJECT_BINARY_DIR}/manual)
install(DIRECTORY ${manual}/man/ DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT program)
install(FILES ${manual}/bash/hustings COMPONENT program
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${manual}/zsh/_hustings COMPONENT program
        DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${manual}/fish/hustings.fish COMPONENT program
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
