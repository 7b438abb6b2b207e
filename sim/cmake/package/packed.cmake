# Run by cpack on what it has packed. The three parts of a .deb have the modes of the files that
# they were made of, which are the umask's; here they get those that dpkg-deb gives.
set(parts "debian-binary|control\\.tar\\.[a-z]+|data\\.tar\\.[a-z]+")
foreach(package ${CPACK_PACKAGE_FILES})
    if(package MATCHES "\\.deb$")
        execute_process(COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C sed -E -i
            "s/((${parts}) +[0-9]+ +0 +0 +)100[0-7]{3} /\\1100644 /" ${package}
            RESULT_VARIABLE failed)
        if(failed)
            message(FATAL_ERROR "sed could not set the modes within ${package}")
        endif()
    endif()
endforeach()
