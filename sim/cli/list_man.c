/* hustings-scenario(5): what a scenario can say, as a page for `man`, of the tables that hustings
 * list prints. */
#include "sim/checks/check.h"
#include "sim/cli/hosts.h"
#include "sim/cli/list.h"
#include "sim/faults/fault.h"
#include "sim/manual/roff.h"
#include "sim/scenario/param.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"

static const char head[] =
    ".\\\" Made of the tables of scenarios by `" ROFF_PROGRAM " list --format man`.\n"
    ".Dd " ROFF_DAY "\n"
    ".Dt HUSTINGS-SCENARIO 5\n"
    ".Os\n"
    ".Sh NAME\n"
    ".Nm hustings-scenario\n"
    ".Nd what a cluster is, and what goes wrong in it\n"
    ".Sh DESCRIPTION\n";

static const char about[] =
    "A scenario is a file in YAML. It says how many members a cluster has, by which protocol and "
    "lock they elect a leader, how long it runs, what goes wrong meanwhile, and what is expected "
    "to "
    "come of it. Four lines are enough.\n\n"
    "Times carry a unit: `us`, `ms`, `s` or `m`. Flags are `true` or `false`. Members are the "
    "number "
    "of a node, or `master`. Unknown keys, values out of bounds, and faults that could never do "
    "anything are errors: `$0 lint` says which, and how to fix them. The whole manual of the "
    "language "
    "is scenarios/README.md, beside the scenarios that come with hustings.";

static const char first[] = "name: my-first\n"
                            "nodes: 5\n"
                            "duration: 5s\n"
                            "starts: {master: all_reported}\n"
                            "faults:\n"
                            "  - {when: settled, after: 500ms, crash: leader}\n"
                            "expect:\n"
                            "  checks: {dead_leader: always}";

/* A row with an example of how it is written. */
static void put_row(struct roff *page, const char *name, const char *summary, const char *example)
{
    roff_item(page, " Ic", name);
    roff_text(page, summary);
    if (example) {
        roff_literal(page, example);
    }
}

static void put_param(struct roff *page, const struct param_row *param, bool usual)
{
    char fallback[80], text[600];
    bool words = param->type == PARAM_WORD;
    size_t used = (size_t)snprintf(text, sizeof text, "%s", param->summary);
    if (usual && !param->required) {
        param_text(param, param->fallback, fallback, sizeof fallback);
        snprintf(text + used, sizeof text - used, " (%s%sdefault %s)", words ? param->words : "",
                 words ? "; " : "", fallback);
    }
    roff_item(page, " Ic", param->name);
    roff_text(page, text);
}

/* `usual`: with what is taken if it is not given. */
static void put_params(struct roff *page, const struct param_row *params, size_t most, bool usual)
{
    if (params[0].type == PARAM_NONE) {
        return;
    }
    roff_begin_list(page);
    for (size_t i = 0; i < most && params[i].type != PARAM_NONE; i++) {
        put_param(page, &params[i], usual);
    }
    roff_end_list(page);
}

static void put_owner(struct roff *page, enum owner owner)
{
    roff_begin_list(page);
    for (size_t row = 0; owner_row_name(owner, row); row++) {
        roff_item(page, " Ic", owner_row_name(owner, row));
        roff_text(page, owner_row_summary(owner, row));
        put_params(page, owner_params(owner, row), SIZE_MAX, true);
    }
    roff_end_list(page);
}

static void put_faults(struct roff *page)
{
    roff_begin_list(page);
    for (size_t i = 0; fault_rows[i]; i++) {
        const struct fault_row *row = fault_rows[i];
        put_row(page, row->name, row->summary, row->example);
        put_params(page, row->params, FAULT_PARAMS_MAX, false);
        for (size_t k = 0; host_rows[k]; k++) {
            if (!fault_possible(row, host_rows[k]->verbs)) {
                fprintf(page->out, ".Pp\nNot possible on: %s\n", host_rows[k]->name);
            }
        }
    }
    roff_end_list(page);
}

static void put_triggers(struct roff *page)
{
    roff_begin_list(page);
    for (size_t i = 0; i < TRIGGER_KINDS; i++) {
        put_row(page, trigger_rows[i].name, trigger_rows[i].summary, trigger_rows[i].example);
    }
    roff_end_list(page);
    fputs(".Pp\nThe moments of\n.Ic when\nare:\n", page->out);
    roff_begin_list(page);
    for (size_t i = 0; i < MOMENTS; i++) {
        put_row(page, moment_rows[i].name, moment_rows[i].summary, NULL);
    }
    roff_end_list(page);
}

static void put_topologies(struct roff *page)
{
    roff_begin_list(page);
    for (size_t i = 0; i < TOPOLOGIES; i++) {
        put_row(page, topology_rows[i].name, topology_rows[i].summary, NULL);
    }
    roff_end_list(page);
}

static void put_checks(struct roff *page)
{
    roff_begin_list(page);
    for (size_t i = 0; check_rows[i]; i++) {
        put_row(page, check_rows[i]->name, check_rows[i]->promise, NULL);
    }
    roff_end_list(page);
}

/* A row without a name is about the key of the row before. */
static void put_sections(struct roff *page)
{
    roff_begin_list(page);
    for (const struct section_row *row = section_rows; row->name; row++) {
        if (row->name[0]) {
            put_row(page, row->name, row->summary, row->example);
        } else {
            fputs(".Pp\n", page->out);
            roff_text(page, row->summary);
            roff_literal(page, row->example);
        }
    }
    roff_end_list(page);
}

static void put_heading(struct roff *page, const char *heading)
{
    fprintf(page->out, ".Ss %s\n", heading);
}

void list_as_man(FILE *file)
{
    struct roff page = {.out = file};
    fputs(head, file);
    roff_paragraphs(&page, about, true);
    put_heading(&page, "Protocols");
    put_owner(&page, OWNER_PROTOCOL);
    put_heading(&page, "Locks");
    put_owner(&page, OWNER_LOCK);
    put_heading(&page, "Topologies");
    put_topologies(&page);
    put_heading(&page, "Faults");
    put_faults(&page);
    put_heading(&page, "When a fault happens");
    put_triggers(&page);
    put_heading(&page, "Checks");
    put_checks(&page);
    put_heading(&page, "Other sections");
    put_sections(&page);
    fputs(".Sh EXAMPLES\nThe leader crashes, and what it left behind still says that it leads:\n",
          file);
    roff_literal(&page, first);
    fputs(".Sh SEE ALSO\n.Xr hustings-lint 1 ,\n.Xr hustings-list 1 ,\n.Xr hustings-run 1\n", file);
}
