/* hustings list: what there is to choose from, read from the tables. */
#include <stdio.h>
#include <string.h>

#include "sim/checks/check.h"
#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/hosts.h"
#include "sim/cli/list.h"
#include "sim/cli/option.h"
#include "sim/faults/fault.h"
#include "sim/host/host.h"
#include "sim/scenario/param.h"
#include "sim/text/clean.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"

/* Where names end, and where what is below a row begins. */
#define NAMES 21
#define PARAMETERS (NAMES + 2)
#define SUMMARIES (NAMES + 4)

/* The rows of an owner, each with its parameters below it. */
static void list_owner(enum owner owner)
{
    for (size_t row = 0; owner_row_name(owner, row); row++) {
        const struct param_row *params = owner_params(owner, row);
        help_line(owner_row_name(owner, row), NAMES, "%s", owner_row_summary(owner, row));
        if (owner == OWNER_PROTOCOL && !protocol_rows[row]->has_master) {
            help_line("", PARAMETERS, "has no master: its members are the nodes alone");
        }
        if (owner == OWNER_LOCK && lock_rows[row]->fences_by) {
            help_line("", PARAMETERS,
                      "can fence: numbers its grants, each higher than the last; %s",
                      lock_rows[row]->counter);
        }
        for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
            char usual[32];
            param_text(&params[i], params[i].fallback, usual, sizeof usual);
            help_line("", PARAMETERS, "%s: %s", params[i].name, usual);
            help_line("", SUMMARIES, "%s", params[i].summary);
        }
    }
}

static void list_protocols(void)
{
    list_owner(OWNER_PROTOCOL);
}

static void list_locks(void)
{
    list_owner(OWNER_LOCK);
}

static void list_topologies(void)
{
    for (size_t i = 0; i < TOPOLOGIES; i++) {
        const struct topology_row *row = &topology_rows[i];
        help_line(row->name, NAMES, "%s", row->summary);
        if (row->most > 1) {
            help_line("", PARAMETERS, "servers: %u", row->usual);
            help_line("", SUMMARIES, "%u to %u", row->least, row->most);
        }
    }
}

static void list_fault(const struct fault_row *row)
{
    help_line(row->name, NAMES, "%s", row->summary);
    help_line("", NAMES, "%s", row->example);
    for (size_t i = 0; i < FAULT_PARAMS_MAX && row->params[i].type != PARAM_NONE; i++) {
        help_line("", PARAMETERS, "%s: %s", row->params[i].name, row->params[i].summary);
    }
    if (row->remains) {
        help_line("", NAMES, "never healed: %s", row->remains);
    }
    for (size_t i = 0; host_rows[i]; i++) {
        if (!fault_possible(row, host_rows[i]->verbs)) {
            help_line("", NAMES, "not possible on: %s", host_rows[i]->name);
        }
    }
}

static void list_faults(void)
{
    for (size_t i = 0; fault_rows[i]; i++) {
        list_fault(fault_rows[i]);
    }
}

static void list_triggers(void)
{
    for (size_t i = 0; i < TRIGGER_KINDS; i++) {
        help_line(trigger_rows[i].name, NAMES, "%s", trigger_rows[i].summary);
        help_line("", NAMES, "%s", trigger_rows[i].example);
    }
    fputs("  moments of `when`:\n", stdout);
    for (size_t i = 0; i < MOMENTS; i++) {
        help_line("", PARAMETERS, "%s: %s", moment_rows[i].name, moment_rows[i].summary);
    }
}

static void list_checks(void)
{
    for (size_t i = 0; check_rows[i]; i++) {
        help_line(check_rows[i]->name, NAMES, "%s", check_rows[i]->promise);
    }
}

/* How to add a section: a row. tests/scenarios/test_lint.py lints its example. */
const struct section_row section_rows[] = {
    {"work", "how often a leader writes to a protected resource, as stale_write needs it",
     "work: {every: 50ms}"},
    {"fencing", "the lock numbers its grants, and the resource rejects writes of older ones",
     "fencing: true"},
    {"pauses", "stalls of your own: their lengths from a log of garbage collections",
     "pauses: {table: gc.log, mean: 400ms, who: leader}"},
    {"network", "how long a request is under way, on hosts that model their links",
     "network: {latency: {p50: 120us, p99: 1ms}}"},
    {"starts", "when each process takes its first step", "starts: {nodes: {within: 300ms}}"},
    {"expect", "what must break, and in how many trials: never, always, sometimes, allowed",
     "expect: {checks: {dead_leader: always}}"},
    {"", "whom all followed, in this order", "expect: {leaders: [1]}"},
    {"", "how elections end: ok, wrong, dead, none, superseded",
     "expect: {verdicts: {wrong: never}}"},
    {"", "bounds in ms on all elections", "expect: {elect_ms: {p99: 500}, settle_ms: {max: 900}}"},
    {"", "bounds on what each trial comes to in all",
     "expect: {leaderless_ms: {max: 900}, requests: {max: 900}}"},
    {NULL, NULL, NULL},
};

static void list_sections(void)
{
    for (const struct section_row *row = section_rows; row->name; row++) {
        help_line(row->name, NAMES, "%s", row->summary);
        help_line("", NAMES, "%s", row->example);
    }
}

/* How to add a topic: a function above and a row here, and in the help. */
static const struct topic {
    const char *name;
    void (*list)(void);
    bool if_asked; /* it is listed only if it is named */
} topics[] = {
    {"protocols", list_protocols, false},   {"locks", list_locks, false},
    {"topologies", list_topologies, false}, {"faults", list_faults, false},
    {"triggers", list_triggers, false},     {"checks", list_checks, false},
    {"sections", list_sections, false},     {"scenarios", list_scenarios, true},
};
#define TOPICS (sizeof topics / sizeof topics[0])

static const struct topic *find_topic(const char *name)
{
    for (size_t i = 0; i < TOPICS; i++) {
        if (strcmp(topics[i].name, name) == 0) {
            return &topics[i];
        }
    }
    clean_line(stderr,
               "hustings list: \"%s\": no such topic; "
               "write protocols, locks, topologies, faults, triggers, checks, sections or "
               "scenarios",
               name);
    return NULL;
}

static void list_all(void)
{
    for (size_t i = 0; i < TOPICS; i++) {
        if (!topics[i].if_asked) {
            printf("%s%s:\n", i > 0 ? "\n" : "", topics[i].name);
            topics[i].list();
        }
    }
}

enum form { FORM_TEXT, FORM_JSON, FORM_MAN };

struct list_verb {
    int format; /* enum form */
};

static const struct option_row rows[] = {
    {.name = "format",
     .kind = OPTION_WORD,
     .at = offsetof(struct list_verb, format),
     .words = "text|json|man",
     .value = "FORMAT",
     .help = "how it is printed",
     .more = "`json` is one object with all topics but `scenarios`, `man` a page for "
             "`man -l`, hustings-scenario(5)",
     .usual = "text"},
    {0}};

const struct verb verb_list = {
    .name = "list",
    .summary = "protocols, locks, faults, triggers, checks, scenarios",
    .usage = {"[OPTION]... [TOPIC]..."},
    .about = "Lists what a scenario can be made of; without a topic, all of that.",
    .arguments = {{"protocols", TAKES_TOPIC,
                   "kinds of election, with their parameters and defaults"},
                  {"locks", TAKES_TOPIC, "what guards the critical section, likewise"},
                  {"topologies", TAKES_TOPIC,
                   "how many Redis servers there are, and what they are to each other"},
                  {"faults", TAKES_TOPIC,
                   "what can go wrong, and on which hosts it can be made to"},
                  {"triggers", TAKES_TOPIC, "when a fault can happen"},
                  {"checks", TAKES_TOPIC, "which promises are watched"},
                  {"sections", TAKES_TOPIC,
                   "what else a scenario may say: work, pauses, fencing, expectations"},
                  {"scenarios", TAKES_TOPIC,
                   "the lessons and the catalogue that come with hustings, by name; only if asked "
                   "for"}},
    .rows = rows,
    .examples = {{NULL, "$0 list faults\n"
                        "$0 list scenarios"}},
    .exits = {{0, "it was listed"}, {2, "wrong usage"}, {3, "the output could not be written"}},
    .see = {"lint", "run"},
};

int cli_list(const char *program, int argc, char **argv)
{
    struct list_verb verb = {.format = 0};
    int code = options_read(program, argc, argv, &verb_list, &verb);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    for (int i = optind; i < argc; i++) {
        if (!find_topic(argv[i])) {
            return EXIT_USAGE;
        }
    }
    if (verb.format == FORM_JSON) {
        list_as_json(stdout);
    } else if (verb.format == FORM_MAN) {
        list_as_man(stdout);
    } else if (optind == argc) {
        list_all();
    }
    for (int i = optind; i < argc && verb.format == FORM_TEXT; i++) {
        find_topic(argv[i])->list();
    }
    return EXIT_HELD;
}
