# Writes OUT/hustings-VERSION.tar.gz: the sources of the commit in SOURCE, as git has them. What is
# changed but not committed is not in it. The same commit gives the same bytes.
#
#   cmake -DSOURCE=… -DVERSION=… -DOUT=… -P sources.cmake
include(${SOURCE}/sim/cmake/version.cmake)
hustings_identify(${SOURCE} ${VERSION})
if(NOT HUSTINGS_GIT OR NOT EXISTS ${SOURCE}/.git OR NOT committed)
    message(FATAL_ERROR "an archive of the sources is made from a git checkout; ${SOURCE} is none")
endif()
if(commit MATCHES -dirty)
    message(WARNING "the sources differ from their commit; the archive has those of the commit")
endif()
set(name hustings-${version})
# The user's own settings of git would make other bytes; -n leaves out name and time.
execute_process(COMMAND ${HUSTINGS_GIT} -C ${SOURCE} -c tar.umask=0022 archive --format=tar
                        --prefix=${name}/ HEAD
                COMMAND gzip -9n
                OUTPUT_FILE ${OUT}/${name}.tar.gz RESULTS_VARIABLE results)
if(NOT results STREQUAL "0;0")
    file(REMOVE ${OUT}/${name}.tar.gz)
    message(FATAL_ERROR "git or gzip could not write ${OUT}/${name}.tar.gz")
endif()
message(STATUS "${OUT}/${name}.tar.gz")
