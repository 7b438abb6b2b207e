/* The table of verbs. See verbs.h.
 *
 * How to add a verb: one file in sim/cli/ with its function and its table (manual/verb.h), both
 * declared in cli.h, and one row here. */
#include "sim/cli/verbs.h"

#include "sim/cli/cli.h"

const struct verb_row verb_rows[] = {
    {&verb_run, cli_run},
    {&verb_course, cli_course},
    {&verb_check, cli_check},
    {&verb_play, cli_play},
    {&verb_report, cli_report},
    {&verb_export, cli_export},
    {&verb_matrix, cli_matrix},
    {&verb_sweep, cli_sweep},
    {&verb_merge, cli_merge},
    {&verb_compare, cli_compare},
    {&verb_calibrate, cli_calibrate},
    {&verb_lint, cli_lint},
    {&verb_list, cli_list},
    {&verb_clean, cli_clean},
    {&verb_node, cli_node},
    {&verb_master, cli_master},
    {&verb_redis, cli_redis},
    {&verb_help, cli_help},
    {NULL, NULL},
};
