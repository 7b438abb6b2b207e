# The elections alone, for products of others': the library hustings_core with its headers, for
# CMake and for pkg-config. src/README.md says how one uses it.
#
#     include/hustings/               the headers of src/ that are not between its own files
#     lib/libhustings_core.a          or .so, with BUILD_SHARED_LIBS
#     lib/cmake/hustings/             find_package(hustings), hustings::core
#     lib/pkgconfig/hustings-core.pc
#
# A header is called <hustings/process.h> there, as it is by those who have this by
# add_subdirectory; so they are made of those in src/, which call each other "src/process.h".

include(GNUInstallDirs)
set(public_headers ballot.h moment.h owners.h param.h process.h protocol.h record.h rules.h
    settings.h store.h token.h topology.h units.h work.h lock/lock.h)
set(include_folder ${PROJECT_BINARY_DIR}/include)
set(made ${public_headers})
set(sources ${public_headers} names.h)
list(TRANSFORM made PREPEND ${include_folder}/hustings/)
list(TRANSFORM sources PREPEND ${PROJECT_SOURCE_DIR}/src/)
string(REPLACE ";" ":" words "${public_headers}")
add_custom_command(OUTPUT ${made}
    COMMAND ${CMAKE_COMMAND} -DFROM=${PROJECT_SOURCE_DIR}/src -DTO=${include_folder}/hustings
            -DHEADERS=${words} -P ${PROJECT_SOURCE_DIR}/sim/cmake/headers.cmake
    DEPENDS ${sources} ${PROJECT_SOURCE_DIR}/sim/cmake/headers.cmake VERBATIM
    COMMENT "Making the headers of the elections")
add_custom_target(hustings_headers ALL DEPENDS ${made})
add_dependencies(hustings_core hustings_headers)
target_include_directories(hustings_core INTERFACE $<BUILD_INTERFACE:${include_folder}>
                           $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
add_library(hustings::core ALIAS hustings_core)
set_target_properties(hustings_core PROPERTIES EXPORT_NAME core VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})

if(HUSTINGS_INSTALL)
    install(TARGETS hustings_core EXPORT hustings
            ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
            LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT program
            NAMELINK_COMPONENT development)
    install(DIRECTORY ${include_folder}/hustings DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
            COMPONENT development)

    include(CMakePackageConfigHelpers)
    set(package ${CMAKE_INSTALL_LIBDIR}/cmake/hustings)
    write_basic_package_version_file(${PROJECT_BINARY_DIR}/hustings-config-version.cmake
        COMPATIBILITY SameMinorVersion)
    install(EXPORT hustings DESTINATION ${package} NAMESPACE hustings:: COMPONENT development
            FILE hustings-config.cmake)
    install(FILES ${PROJECT_BINARY_DIR}/hustings-config-version.cmake DESTINATION ${package}
            COMPONENT development)

    # From where it lies itself, so that the prefix may be moved; but a folder of the packager's that
    # stands outside the prefix stays where it is.
    if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
        set(prefix_for_pc ${CMAKE_INSTALL_PREFIX})
    else()
        file(RELATIVE_PATH way ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
        set(prefix_for_pc "\${pcfiledir}/${way}")
    endif()
    foreach(folder LIBDIR INCLUDEDIR)
        set(${folder}_for_pc "\${prefix}/${CMAKE_INSTALL_${folder}}")
        if(IS_ABSOLUTE "${CMAKE_INSTALL_${folder}}")
            set(${folder}_for_pc ${CMAKE_INSTALL_${folder}})
        endif()
    endforeach()
    configure_file(sim/cmake/hustings-core.pc.in hustings-core.pc @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/hustings-core.pc COMPONENT development
            DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()

if(is_top)
    add_custom_target(uninstall VERBATIM
        COMMAND ${CMAKE_COMMAND} -DBUILD=${PROJECT_BINARY_DIR}
                -P ${PROJECT_SOURCE_DIR}/sim/cmake/uninstall.cmake
        COMMENT "Removing what was installed")
endif()
