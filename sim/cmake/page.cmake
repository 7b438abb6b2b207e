# The page of `hustings report`: sim/report/page/, in this order, and d3 (of the Debian package
# node-d3), put together into one C file. Without d3, everything but `report` works.
set(page_styles style.css timeline.css playback.css charts.css map.css)
set(timeline_rooms model axes view shapes lanes locks marks broken paint
    list keys tell parts bench)
list(TRANSFORM timeline_rooms PREPEND timeline-)
list(TRANSFORM timeline_rooms APPEND .js)
set(page_scripts store.js locks.js parts.js tables.js map-cells.js map-curve.js map.js address.js top.js found.js ${timeline_rooms}
    timeline.js playback-moment.js playback-beliefs.js ring.js ring-legend.js playback.js charts.js stages.js
    distributions.js)
set(page_folder ${PROJECT_SOURCE_DIR}/sim/report/page)
set(page ${PROJECT_BINARY_DIR}/generated/report_page)
find_file(HUSTINGS_D3 d3.min.js PATHS /usr/share/nodejs/d3/dist NO_DEFAULT_PATH)
set(page_files ${page_styles} ${page_scripts})
list(TRANSFORM page_files PREPEND ${page_folder}/)
if(HUSTINGS_D3)
    list(APPEND page_files ${HUSTINGS_D3})
    set(page_d3 ${HUSTINGS_D3})
else()
    set(page_d3)
    message(STATUS "hustings report: no d3, install the package node-d3 for it")
endif()
string(REPLACE ";" ":" page_styles "${page_styles}")
string(REPLACE ";" ":" page_scripts "${page_scripts}")
add_custom_command(OUTPUT ${page}.c ${page}-before.html ${page}-after.html
    COMMAND ${CMAKE_COMMAND} -DPAGE=${page_folder}/page.html -DSTYLES=${page_styles}
            -DSCRIPTS=${page_scripts} -DD3=${page_d3} -DOUT=${page}
            -P ${PROJECT_SOURCE_DIR}/sim/report/page.cmake
    DEPENDS sim/report/page.cmake ${page_folder}/page.html ${page_files} VERBATIM
    COMMENT "Putting the page of reports together")
target_sources(hustings_sim PRIVATE ${page}.c)
target_include_directories(hustings_sim PUBLIC ${PROJECT_SOURCE_DIR})
