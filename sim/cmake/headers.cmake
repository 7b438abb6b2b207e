# Makes headers for others of those of the elections: they call each other <hustings/process.h>, C++
# may include them, and each name in them begins with hustings_ or HUSTINGS_. Those of functions are
# by names.h, as in the library; those of types and constants are of no concern to a linker.
#
#     cmake -DFROM=FOLDER -DTO=FOLDER -DHEADERS=a.h:b/c.h -P headers.cmake

string(REPLACE ":" ";" headers "${HEADERS}")

# What is to get the prefix. Of types only what follows the word struct or enum: a field may have the
# name of one.
set(functions)
set(constants)
set(types)
foreach(header names.h ${headers})
    file(READ ${FROM}/${header} text)
    string(REGEX REPLACE "/\\*[^*]*(\\*+[^*/][^*]*)*\\*+/" "" text "${text}") # comments
    string(REGEX MATCHALL "\n#define [A-Za-z0-9_]+" found "${text}")
    foreach(line ${found})
        string(REGEX REPLACE "\n#define " "" name "${line}")
        if(name MATCHES "^[a-z]")
            list(APPEND functions ${name})
        elseif(NOT name MATCHES "^HUSTINGS_")
            list(APPEND constants ${name})
        endif()
    endforeach()
    string(REGEX MATCHALL "static inline [^(\n]*\\(" found "${text}")
    foreach(line ${found})
        string(REGEX REPLACE "^.*[ *]([a-z0-9_]+)\\($" "\\1" name "${line}")
        list(APPEND functions ${name})
    endforeach()
    string(REGEX MATCHALL "\n(struct|enum) [a-z_]+ {" found "${text}")
    list(TRANSFORM found REPLACE "[\n{]" "")
    list(TRANSFORM found STRIP)
    list(APPEND types ${found})
    string(REGEX MATCHALL "\nenum [a-z_]+ {[^}]*}" found "${text}")
    foreach(each ${found})
        string(REGEX REPLACE "^[^{]*{" "" each "${each}")
        string(REGEX MATCHALL "[A-Z][A-Z0-9_]*" names "${each}")
        list(APPEND constants ${names})
    endforeach()
endforeach()
list(REMOVE_DUPLICATES functions)
list(REMOVE_DUPLICATES constants)
list(REMOVE_DUPLICATES types)

# Puts the prefix before each of these names in the text that is in the variable.
function(prefixed variable prefix)
    set(text "${${variable}}")
    foreach(name ${ARGN})
        string(FIND "${text}" "${name}" place)
        if(place EQUAL -1)
            continue()
        endif()
        foreach(twice RANGE 1) # where one stands right after the other
            string(REGEX REPLACE "(^|[^A-Za-z0-9_])${name}($|[^A-Za-z0-9_])" "\\1${prefix}${name}\\2"
                   text "${text}")
        endforeach()
    endforeach()
    set(${variable} "${text}" PARENT_SCOPE)
endfunction()

set(begin "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n")
set(end "#ifdef __cplusplus\n}\n#endif\n\n#endif\n")
foreach(header ${headers})
    file(READ ${FROM}/${header} text)
    string(REPLACE "\n#include \"src/names.h\"" "" text "${text}")
    # What C++ is to take for C is all between the last #include and the #endif of the guard.
    string(REGEX MATCH "^(.*\n#include [^\n]*\n)(.*)#endif\n$" whole "${text}")
    if(NOT whole)
        message(FATAL_ERROR "${FROM}/${header}: it has no #include, or does not end with #endif")
    endif()
    set(text "${CMAKE_MATCH_1}${begin}${CMAKE_MATCH_2}${end}")
    string(REGEX REPLACE "#include \"src/([^\"]*)\"" "#include <hustings/\\1>" text "${text}")
        prefixed(text HUSTINGS_ ${constants})
    foreach(type ${types})
        string(REPLACE " " " hustings_" long "${type}")
        string(REGEX REPLACE "${type}($|[^A-Za-z0-9_])" "${long}\\1" text "${text}")
    endforeach()
    prefixed(text hustings_ ${functions})
    file(WRITE ${TO}/${header} "${text}")
endforeach()
