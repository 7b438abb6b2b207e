# Makes headers for others of those of the elections: they call each other <hustings/process.h>, and
# C++ may include them.
#
#     cmake -DFROM=FOLDER -DTO=FOLDER -DHEADERS=a.h:b/c.h -P headers.cmake

set(begin "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n")
set(end "#ifdef __cplusplus\n}\n#endif\n\n#endif\n")
string(REPLACE ":" ";" headers "${HEADERS}")
foreach(header ${headers})
    file(READ ${FROM}/${header} text)
    # What C++ is to take for C is all between the last #include and the #endif of the guard.
    string(REGEX MATCH "^(.*\n#include [^\n]*\n)(.*)#endif\n$" whole "${text}")
    if(NOT whole)
        message(FATAL_ERROR "${FROM}/${header}: it has no #include, or does not end with #endif")
    endif()
    set(text "${CMAKE_MATCH_1}${begin}${CMAKE_MATCH_2}${end}")
    string(REGEX REPLACE "#include \"src/([^\"]*)\"" "#include <hustings/\\1>" text "${text}")
    file(WRITE ${TO}/${header} "${text}")
endforeach()
