/* hustings node, hustings master: one process of the article's election by hand, in a terminal of
 * its own, against any Redis. It prints what it does, and takes words typed into it: submit,
 * prepare. */
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
#include "sim/processes/member.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"

static const char help[] =
    "Usage: $0 node --id N [OPTION]...\n"
    "       $0 master [OPTION]...\n"
    "Runs one node, or the master, of the article's election until Ctrl-C. With its default "
    "options\n"
    "it uses the article's own keys, so that a redis-py program can take part.\n"
    "\n"
    "  --id N               the node's number, from 1\n"
    "  --redis URL          redis://[user:password@]host[:port][/db] or unix:/path[?db=n]\n"
    "                       (default redis://127.0.0.1:6379; the password may come from the\n"
    "                       environment variable HUSTINGS_REDIS_PASSWORD)\n"
    "  --prefix STR         before every key (default none)\n"
    "  --verbose            print every request and reply\n"
    "  -h, --help\n"
    "\n"
    "Of the election:\n";

static const char help_end[] = "\n"
                               "While it runs, type: submit, prepare (its status), or quit.\n"
                               "\n"
                               "Example, in three terminals beside a redis-server:\n"
                               "  $0 node --id 1\n"
                               "  $0 node --id 2\n"
                               "  $0 master\n";

enum option_code { OPT_ID = 1000, OPT_REDIS, OPT_PREFIX, OPT_VERBOSE, OPT_HELP };

static const struct option own_options[] = {
    {"id", required_argument, NULL, OPT_ID},         {"redis", required_argument, NULL, OPT_REDIS},
    {"prefix", required_argument, NULL, OPT_PREFIX}, {"verbose", no_argument, NULL, OPT_VERBOSE},
    {"help", no_argument, NULL, OPT_HELP},
};
#define OWN_OPTIONS (sizeof own_options / sizeof own_options[0])

struct by_hand {
    const char *verb;
    char url[1024];
    const char *prefix;
    uint16_t id;
    struct settings_options options;
    struct settings settings;
    struct narrator narrator;
    struct member_slot slot;
    struct member member;
};

/* --- options ---------------------------------------------------------------------------------- */

static bool wrong(const struct by_hand *hand, const char *option, const char *hint)
{
    clean_line(stderr, "hustings %s: --%s \"%s\": %s", hand->verb, option, optarg, hint);
    return false;
}

static bool read_id(struct by_hand *hand)
{
    char *end;
    errno = 0;
    long id = strtol(optarg, &end, 10);
    if (*optarg == '\0' || *end != '\0' || errno || id < 1 || id > NODE_ID_MAX) {
        return wrong(hand, "id", "give a node's number, from 1 (the master has a verb of its own)");
    }
    hand->id = (uint16_t)id;
    return true;
}

static bool read_option(struct by_hand *hand, int code)
{
    switch (code) {
    case OPT_ID:
        return read_id(hand);
    case OPT_REDIS:
        snprintf(hand->url, sizeof hand->url, "%s", optarg);
        return true;
    case OPT_PREFIX:
        hand->prefix = optarg;
        return strlen(optarg) < PREFIX_MAX || wrong(hand, "prefix", "this is too long");
    case OPT_VERBOSE:
        hand->narrator.verbose = true;
        return true;
    default:
        return settings_options_take(&hand->options, code, optarg);
    }
}

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
        bool submit = strcmp(line, "submit") == 0;
        if (submit || strcmp(line, "prepare") == 0) {
            atomic_store(&hand->slot.flip, 1u + (submit ? STATUS_SUBMIT : STATUS_PREPARE));
            slot_wake(&hand->slot);
        } else if (line[0]) {
            fprintf(stderr, "type submit, prepare or quit\n");
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
                   : "; is a Redis running there? Start one, or name another with --redis URL");
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
    if (member_connect(&hand->member, 0)) {
        return no_redis(hand);
    }
    hand->narrator.link = &hand->member.links[0];
    narrate_beginning(&hand->narrator, hand->id, address.shown);
    if (pthread_create(&keyboard, NULL, listen_to_keyboard, hand) == 0) {
        pthread_detach(keyboard);
    }
    atomic_store(&hand->slot.started, 1);
    member_run(&hand->member, hand->id);
    return EXIT_HELD;
}

static int by_hand(const char *program, int argc, char **argv, bool node)
{
    static struct by_hand hand; /* of this process alone; too large for a stack */
    struct option list[OWN_OPTIONS + SETTINGS_OPTIONS_MAX + 1] = {0};
    int code;
    hand = (struct by_hand){.verb = argv[0], .url = "redis://127.0.0.1:6379", .prefix = ""};
    settings_options_begin(&hand.options);
    memcpy(list, own_options, sizeof own_options);
    settings_options_list(&hand.options, list + OWN_OPTIONS);
    optind = 1;
    while ((code = option_next(argc, argv, "h", list)) != -1) {
        if (code == OPT_HELP || code == 'h') {
            cli_help(program, help);
            settings_options_help(&hand.options, stdout);
            return cli_help(program, help_end);
        }
        if (!read_option(&hand, code)) {
            return cli_try(program, argv[0]);
        }
    }
    for (int i = 1; i < optind; i++) {
        address_blank(argv[i]);
    }
    if (optind < argc || node != (hand.id > 0)) {
        clean_line(stderr,
                   node ? "hustings node: which one? Try: %s node --id 1"
                        : "hustings master: takes options only; try: %s master --help",
                   program);
        return EXIT_USAGE;
    }
    char error[400];
    if (!settings_options_end(&hand.options, NODE_ID_MAX, &hand.settings, error, sizeof error)) {
        clean_line(stderr, "hustings %s: %s", argv[0], error);
        return cli_try(program, argv[0]);
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
