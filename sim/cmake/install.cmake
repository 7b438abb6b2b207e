# What `cmake --install` puts where, below the prefix.

# Where an installed program finds what belongs to it, from its own folder.
include(GNUInstallDirs)
file(RELATIVE_PATH libraries ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR}/hustings)
target_compile_definitions(hustings_hosts PRIVATE HUSTINGS_LIBRARIES="${libraries}")

install(TARGETS hustings RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS hustings_clock LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/hustings)
# Where sim/results/shipped.c looks for them.
install(DIRECTORY scenarios DESTINATION share/hustings)
