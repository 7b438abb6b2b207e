# Puts the page together: PAGE (an HTML file with @STYLE@, @DATA@ and @SCRIPTS@), STYLES and SCRIPTS
# (files in PAGE's folder, with a colon between, in this order) and D3 (a file, or nothing).
#
#   cmake -DPAGE=… -DSTYLES=a.css:b.css -DSCRIPTS=a.js:b.js -DD3=… -DOUT=… -P page.cmake
#
# Writes OUT-before.html and OUT-after.html, what stands before and after the data, and OUT.c, which
# has both as arrays (sim/report/page.h). Between the two, any data makes a page.
cmake_minimum_required(VERSION 3.18)
foreach(needed PAGE STYLES SCRIPTS OUT)
    if(NOT DEFINED ${needed})
        message(FATAL_ERROR "-D${needed}=… is missing")
    endif()
endforeach()
get_filename_component(folder ${PAGE} DIRECTORY)
string(REPLACE ":" ";" styles "${STYLES}")
string(REPLACE ":" ";" scripts "${SCRIPTS}")

# Appends a file to `variable`, which is then quoted wherever it is used: CSS has semicolons.
function(append_file variable file)
    file(READ ${file} text)
    string(TOLOWER "${text}" lower)
    foreach(end "</script" "</style" "<!--")
        string(FIND "${lower}" "${end}" at)
        if(NOT at EQUAL -1)
            message(FATAL_ERROR "${file} has ${end} in it, which would end its element of the page")
        endif()
    endforeach()
    set(${variable} "${${variable}}${text}" PARENT_SCOPE)
endfunction()

set(style "")
foreach(file ${styles})
    append_file(style ${folder}/${file})
endforeach()
set(script "")
if(D3)
    set(code "")
    append_file(code ${D3})
    string(APPEND script "<script>\n${code}</script>\n")
endif()
foreach(file ${scripts})
    set(code "")
    append_file(code ${folder}/${file})
    string(APPEND script "<script>\n${code}</script>\n")
endforeach()

file(READ ${PAGE} page)
string(FIND "${page}" "@DATA@" at)
string(SUBSTRING "${page}" 0 ${at} before)
math(EXPR at "${at} + 6")
string(SUBSTRING "${page}" ${at} -1 after)
string(REPLACE "@STYLE@" "${style}" before "${before}")
string(REPLACE "@SCRIPTS@" "${script}" after "${after}")
file(WRITE ${OUT}-before.html "${before}")
file(WRITE ${OUT}-after.html "${after}")

set(code "/* Made by sim/report/page.cmake. */\n#include \"sim/report/page.h\"\n\n")
if(D3)
    string(APPEND code "const bool page_has_d3 = true;\n")
else()
    string(APPEND code "const bool page_has_d3 = false;\n")
endif()
foreach(part before after)
    file(READ ${OUT}-${part}.html bytes HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
    string(APPEND code "const unsigned char page_${part}[] = {${bytes}0};\n"
                       "const size_t page_${part}_size = sizeof page_${part} - 1;\n")
endforeach()
file(WRITE ${OUT}.c "${code}")
