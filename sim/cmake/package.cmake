# Packages for others: `ninja package` makes a .deb of the program and one of the core's headers and
# library (elsewhere than on Debian a .tar.gz), `ninja package_source` an archive of the sources.
#
# The same commit makes the same bytes, wherever it is built by the same packages: their times are the commit's
# (SOURCE_DATE_EPOCH, if that is set), and no path of the build is left in them. Who packs is the
# maintainer: DEBFULLNAME and DEBEMAIL in the environment.
if(NOT is_top OR NOT HUSTINGS_INSTALL)
    return()
endif()
# Before, cpack has no scripts to run in between, and what it packs would not be whole.
if(CMAKE_VERSION VERSION_LESS 3.19)
    message(STATUS "no target `package`: it needs CMake 3.19")
    return()
endif()

set(package_folder ${PROJECT_SOURCE_DIR}/sim/cmake/package)
find_program(HUSTINGS_DPKG dpkg-deb)
mark_as_advanced(HUSTINGS_DPKG)
if(HUSTINGS_DPKG)
    set(CPACK_GENERATOR DEB)
else()
    set(CPACK_GENERATOR TGZ)
endif()
set(CPACK_PACKAGE_NAME hustings)
set(CPACK_PACKAGE_VENDOR hustings)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
    GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
get_cmake_property(CPACK_COMPONENTS_ALL COMPONENTS)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_PROJECT_CONFIG_FILE ${package_folder}/settings.cmake)
set(CPACK_PRE_BUILD_SCRIPTS ${package_folder}/stage.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${package_folder}/packed.cmake)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
# A distribution's own package of the same version, 0.1.0-1, is newer.
set(CPACK_DEBIAN_PACKAGE_RELEASE 0hustings1)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME hustings)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
# redis-tools has the server's binary, and starts no service as redis-server does.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS
    "redis-tools | valkey-tools | redis-server | valkey-server | keydb-server")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "python3-redis, libhustings-dev")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
"test leader elections and locks through Redis
hustings puts leader elections and locks through Redis to the test. A
scenario file says what the cluster is and what goes wrong; hustings starts
it against a real Redis of its own, or in a model of one, and breaks it on
cue: crashes, pauses, cut links, lost packets, clocks that jump.
.
At the end it says who was elected, how long that took, and which promise
was broken by whom and why, on the screen, as CSV and as a page of HTML. It
has a course of ten lessons, a catalogue of known failures, and tests
programs in any language that lock or lead through Redis.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libhustings-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libc6-dev | libc-dev")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS hustings)
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
"leader elections and locks through Redis, as a library
This is the election of hustings alone, as a library for C and C++ with its
headers, for use in programs of one's own: locks, leases, Redlock, fencing
and the rules of an election, as machines that are told what happened and
say what to do. They call nothing but a little of the C library.")
set(CPACK_PACKAGE_CONTACT "hustings developers <hustings@example.org>")

# What settings.cmake and stage.cmake ask for.
set(CPACK_HUSTINGS_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_HUSTINGS_BUILD ${PROJECT_BINARY_DIR})
set(CPACK_HUSTINGS_VERSION ${PROJECT_VERSION})
set(CPACK_HUSTINGS_ARCHITECTURE ${CMAKE_LIBRARY_ARCHITECTURE})
set(CPACK_HUSTINGS_HAS_D3 ${HUSTINGS_D3})
include(CPack)

# CPack's own package_source would pack what happens to lie in the folder.
file(REMOVE ${PROJECT_BINARY_DIR}/CPackSourceConfig.cmake)
add_custom_target(package_source
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DVERSION=${PROJECT_VERSION}
            -DOUT=${PROJECT_BINARY_DIR} -P ${package_folder}/sources.cmake
    COMMENT "" VERBATIM)
