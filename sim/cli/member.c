/* hustings node, hustings master: one process of an election by hand, in a terminal of its own,
 * against any Redis. It prints what it does, and takes words typed into it: submit, prepare, where
 * processes have statuses; quit. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/narrate.h"
#include "sim/cli/option.h"
#include "sim/cli/settings_options.h"
#include "sim/host/command.h"
#include "sim/processes/member.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"
#include "src/protocol.h"

struct by_hand {
    const char *verb;
    char url[OPTION_REDIS_SIZE];
    const char *prefix;
    uint32_t id;
    struct settings_options options;
    struct settings settings;
    struct narrator narrator;
    struct member_slot slot;
    struct member member;
};

/* --- words typed into it ---------------------------------------------------------------------- */

/* Ends the program, from whichever of its two threads: exit() is not safe while the other runs. */
static _Noreturn void leave(int code)
{
    fflush(stdout);
    _exit(code);
}

static void *listen_to_keyboard(void *argument)
{
    struct by_hand *hand = argument;
    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (strcmp(line, "quit") == 0) {
            leave(EXIT_HELD);
        }
        bool statuses = protocol_has_statuses(&hand->settings);
        bool submit = strcmp(line, "submit") == 0;
        if (statuses && (submit || strcmp(line, "prepare") == 0)) {
            atomic_store(&hand->slot.command,
                         command_packed(COMMAND_FLIP, submit ? STATUS_SUBMIT : STATUS_PREPARE));
            slot_wake(&hand->slot);
        } else if (line[0]) {
            fprintf(stderr, "type %s\n", statuses ? "submit, prepare or quit" : "quit");
        }
    }
    return NULL;
}

/* Tells an event; ends when nobody listens any more. */
static void tell(void *self, struct history_event *event)
{
    struct by_hand *hand = self;
    narrate(&hand->narrator, event);
    if (ferror(stdout)) {
        if (errno != EPIPE) {
            clean_line(stderr, "hustings %s: cannot write: %s", hand->verb, error_words(errno));
        }
        leave(errno == EPIPE ? EXIT_HELD : EXIT_WORLD);
    }
}

static int no_redis(const struct by_hand *hand)
{
    const struct link *link = &hand->member.links[0];
    char telling[LINK_TELLING];
    link_tell(link, telling, sizeof telling);
    clean_line(stderr, "hustings %s: %s%s", hand->verb, telling,
               link->refused_by_server || *refusal_advice(link->error)
                   ? ""
                   : "; is a Redis running there? Start one, with hustings redis, or name another "
                     "with --redis URL");
    return EXIT_WORLD;
}

static int live(struct by_hand *hand)
{
    struct address address;
    char error[1024];
    pthread_t keyboard;
    if (!address_parse(hand->url, &address, error, sizeof error)) {
        clean_line(stderr, "hustings %s: --redis %s", hand->verb, error);
        return EXIT_USAGE;
    }
    hand->member = (struct member){.settings = &hand->settings,
                                   .slot = &hand->slot,
                                   .notify_fd = -1,
                                   .record = tell,
                                   .record_self = hand,
                                   .rng = (uint64_t)monotonic_ns()};
    if (!slot_open_wake(&hand->slot)) {
        clean_line(stderr, "hustings %s: %s", hand->verb, error_words(errno));
        return EXIT_WORLD;
    }
    link_init(&hand->member.links[0], &address, hand->prefix, 1000);
    if (member_connect(&hand->member, 0, false)) {
        return no_redis(hand);
    }
    hand->narrator.link = &hand->member.links[0];
    hand->narrator.settings = &hand->settings;
    narrate_beginning(&hand->narrator, (uint16_t)hand->id, address.shown);
    if (pthread_create(&keyboard, NULL, listen_to_keyboard, hand) == 0) {
        pthread_detach(keyboard);
    }
    atomic_store(&hand->slot.started, 1);
    member_run(&hand->member, (uint16_t)hand->id);
    return EXIT_HELD;
}

/* The number as the one word that is no option: "node 3". False: it is no such number. */
static bool read_id(const char *word, uint32_t *id)
{
    char *end;
    unsigned long number = strtoul(word, &end, 10);
    bool good = word[0] >= '1' && word[0] <= '9' && *end == '\0' && number <= NODE_ID_MAX;
    *id = good ? (uint32_t)number : 0;
    return good;
}

static const struct option_row rows[] = {
    {.name = "redis",
     .kind = OPTION_REDIS,
     .at = offsetof(struct by_hand, url),
     .value = "URL",
     .help = "the Redis",
     .more = "It is `redis://[user:password@]host[:port][/db]` or `unix:/path[?db=n]`",
     .usual = "redis://127.0.0.1:6379"},
    {.name = "prefix",
     .kind = OPTION_TEXT,
     .at = offsetof(struct by_hand, prefix),
     .high = PREFIX_MAX - 1,
     .value = "TEXT",
     .help = "stands before every key",
     .usual = "none"},
    {.name = "verbose",
     .kind = OPTION_FLAG,
     .at = offsetof(struct by_hand, narrator.verbose),
     .help = "print every request and reply"},
    {0}};

static void settings_rows(struct options *options)
{
    settings_options_list(options, offsetof(struct by_hand, options));
}

static void node_rows(struct options *options)
{
    assert(options->count < OPTIONS_MAX);
    options->rows[options->count++] = (struct option_row){
        .name = "id",
        .kind = OPTION_COUNT,
        .at = offsetof(struct by_hand, id),
        .low = 1,
        .high = NODE_ID_MAX,
        .hint = "give a node's number, from 1 (the master has a verb of its own)",
        .value = "N",
        .help = "the same as the argument N"};
    settings_rows(options);
}

static const char typed[] =
    "While it runs, type `quit`; in the article's election also `submit` or `prepare`, its status.";
static const char terminals[] = "$0 redis\n$0 node 1\n$0 node 2\n$0 master";

const struct verb verb_node = {
    .name = "node",
    .summary = "one node by hand, against any Redis",
    .usage = {"N [OPTION]..."},
    .about = "Runs one node of an election until Ctrl-C. With the default options it is the "
             "article's election, on the article's own keys, so that a program with redis-py can "
             "take part.",
    .arguments = {{"N", TAKES_ANY, "the node's number, from 1"}},
    .rows = rows,
    .more_rows = node_rows,
    .notes = typed,
    .examples = {{"in four terminals", terminals}},
    .exits = {{0, "it was told to quit"}, {2, "wrong usage"}, {3, "there is no Redis"}},
    .environment = {{"HUSTINGS_REDIS_PASSWORD", "the password, where the URL has none"}},
    .see = {"master", "redis"},
};

const struct verb verb_master = {
    .name = "master",
    .summary = "the master by hand, against any Redis",
    .usage = {"[OPTION]..."},
    .about = "Runs the master of an election until Ctrl-C. With the default options it is the "
             "article's election, on the article's own keys, so that programs with redis-py can "
             "take part.",
    .rows = rows,
    .more_rows = settings_rows,
    .notes = typed,
    .examples = {{"in four terminals", terminals}},
    .exits = {{0, "it was told to quit"}, {2, "wrong usage"}, {3, "there is no Redis"}},
    .environment = {{"HUSTINGS_REDIS_PASSWORD", "the password, where the URL has none"}},
    .see = {"node", "redis"},
};

static int by_hand(const char *program, int argc, char **argv, bool node)
{
    static struct by_hand hand; /* of this process alone; too large for a stack */
    hand = (struct by_hand){.verb = argv[0], .url = "redis://127.0.0.1:6379", .prefix = ""};
    settings_options_begin(&hand.options);
    int code = options_read(program, argc, argv, node ? &verb_node : &verb_master, &hand);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (node && argc - optind == 1 && hand.id == 0 && read_id(argv[optind], &hand.id)) {
        optind++;
    }
    if (optind < argc || node != (hand.id > 0)) {
        clean_line(stderr,
                   node ? "hustings node: which one? Give its number, from 1. Try: %s node 1"
                        : "hustings master: takes options only; try: %s master --help",
                   cli_name(program).text);
        return EXIT_USAGE;
    }
    char error[400];
    if (!settings_options_end(&hand.options, NODE_ID_MAX, &hand.settings, error, sizeof error)) {
        clean_line(stderr, "hustings %s: %s", argv[0], error);
        return cli_try(program, argv[0]);
    }
    if (!node && !protocol_has_master(&hand.settings)) {
        clean_line(stderr,
                   "hustings master: the protocol %s has no master; try: %s node 1 "
                   "--protocol %s",
                   protocol_rows[hand.settings.row[OWNER_PROTOCOL]]->name, cli_name(program).text,
                   protocol_rows[hand.settings.row[OWNER_PROTOCOL]]->name);
        return EXIT_USAGE;
    }
    return live(&hand);
}

int cli_node(const char *program, int argc, char **argv)
{
    return by_hand(program, argc, argv, true);
}

int cli_master(const char *program, int argc, char **argv)
{
    return by_hand(program, argc, argv, false);
}
