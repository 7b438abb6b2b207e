# What the program says of itself, as files: the target hustings_manual, a part of `all`.
#
#     build/manual/man/man1/*.1           the pages for man
#     build/manual/man/man5/hustings-scenario.5
#     build/manual/bash/hustings          what completes words in the shells
#     build/manual/zsh/_hustings
#     build/manual/fish/hustings.fish

set(manual ${PROJECT_BINARY_DIR}/manual)
add_custom_command(OUTPUT ${manual}/made
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${manual}
    COMMAND hustings help --into ${manual}
    COMMAND ${CMAKE_COMMAND} -E touch ${manual}/made
    DEPENDS hustings VERBATIM
    COMMENT "Writing the manual's pages")
add_custom_target(hustings_manual ALL DEPENDS ${manual}/made)
