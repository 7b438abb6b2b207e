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
#include "sim/processes/member.h"
#include "sim/scenario/scenario.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"
#include "src/lock/lock.h"
#include "src/protocol.h"

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
    "  --protocol NAME      default article;  --lock NAME  default token;  see $0 list\n"
    "  --decided-by WHO     master or nodes (default master)\n"
    "  --submits WHO        elected or nobody: who turns to submit (default elected)\n"
    "  --sticky             a leader still in submit keeps the office\n"
    "  --lock-ttl, --lock-retry, --lock-wait, --poll, --report DURATION\n"
    "                       timing; default 2s, 100ms, for ever, 100ms, only when it changes\n"
    "  --verbose            print every request and reply\n"
    "  --help\n"
    "\n"
    "While it runs, type: submit, prepare (its status), or quit.\n"
    "\n"
    "Example, in three terminals beside a redis-server:\n"
    "  $0 node --id 1\n"
    "  $0 node --id 2\n"
    "  $0 master\n";

enum option_code {
    OPT_ID = 1000,
    OPT_REDIS,
    OPT_PREFIX,
    OPT_PROTOCOL,
    OPT_LOCK,
    OPT_DECIDED_BY,
    OPT_SUBMITS,
    OPT_STICKY,
    OPT_LOCK_TTL,
    OPT_LOCK_RETRY,
    OPT_LOCK_WAIT,
    OPT_POLL,
    OPT_REPORT,
    OPT_VERBOSE,
    OPT_HELP
};

static const struct option long_options[] = {
    {"id", required_argument, NULL, OPT_ID},
    {"redis", required_argument, NULL, OPT_REDIS},
    {"prefix", required_argument, NULL, OPT_PREFIX},
    {"protocol", required_argument, NULL, OPT_PROTOCOL},
    {"lock", required_argument, NULL, OPT_LOCK},
    {"decided-by", required_argument, NULL, OPT_DECIDED_BY},
    {"submits", required_argument, NULL, OPT_SUBMITS},
    {"sticky", no_argument, NULL, OPT_STICKY},
    {"lock-ttl", required_argument, NULL, OPT_LOCK_TTL},
    {"lock-retry", required_argument, NULL, OPT_LOCK_RETRY},
    {"lock-wait", required_argument, NULL, OPT_LOCK_WAIT},
    {"poll", required_argument, NULL, OPT_POLL},
    {"report", required_argument, NULL, OPT_REPORT},
    {"verbose", no_argument, NULL, OPT_VERBOSE},
    {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

struct by_hand {
    const char *verb;
    char url[1024];
    const char *prefix;
    uint16_t id;
    struct settings settings;
    struct narrator narrator;
    struct lane lane;
    struct member member;
};

/* --- options ---------------------------------------------------------------------------------- */

static bool wrong(const struct by_hand *hand, const char *option, const char *mend)
{
    clean_line(stderr, "hustings %s: --%s \"%s\": %s", hand->verb, option, optarg, mend);
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

static bool read_duration(const struct by_hand *hand, const char *option, int64_t least_ns,
                          int64_t *ns)
{
    if (!duration_parse(optarg, ns) || *ns < least_ns) {
        return wrong(hand, option, "give a duration with its unit, such as 100ms or 2s");
    }
    return true;
}

/* One of two words. */
static bool read_word(const struct by_hand *hand, const char *option, const char *zero,
                      const char *one, uint8_t *value)
{
    char mend[64];
    *value = strcmp(optarg, one) == 0;
    if (*value || strcmp(optarg, zero) == 0) {
        return true;
    }
    snprintf(mend, sizeof mend, "give %s or %s", zero, one);
    return wrong(hand, option, mend);
}

static bool read_row(const struct by_hand *hand, const char *option, int row, uint8_t *value)
{
    *value = (uint8_t)row;
    return row >= 0 || wrong(hand, option, "there is none of this name; see hustings list");
}

static bool read_timing(struct by_hand *hand, int code)
{
    struct settings *settings = &hand->settings;
    switch (code) {
    case OPT_LOCK_TTL:
        return read_duration(hand, "lock-ttl", 1000000, &settings->lock_ttl_ns);
    case OPT_LOCK_RETRY:
        return read_duration(hand, "lock-retry", 0, &settings->lock_retry_ns);
    case OPT_LOCK_WAIT:
        return read_duration(hand, "lock-wait", 1, &settings->lock_wait_ns);
    case OPT_POLL:
        return read_duration(hand, "poll", 0, &settings->poll_ns);
    default:
        return read_duration(hand, "report", 1, &settings->report_ns);
    }
}

static bool read_option(struct by_hand *hand, int code)
{
    struct settings *settings = &hand->settings;
    switch (code) {
    case OPT_ID:
        return read_id(hand);
    case OPT_REDIS:
        snprintf(hand->url, sizeof hand->url, "%s", optarg);
        return true;
    case OPT_PREFIX:
        hand->prefix = optarg;
        return strlen(optarg) < PREFIX_MAX || wrong(hand, "prefix", "this is too long");
    case OPT_PROTOCOL:
        return read_row(hand, "protocol", protocol_find(optarg), &settings->protocol);
    case OPT_LOCK:
        return read_row(hand, "lock", lock_find(optarg), &settings->lock);
    case OPT_DECIDED_BY:
        return read_word(hand, "decided-by", "master", "nodes", &settings->decided_by);
    case OPT_SUBMITS:
        return read_word(hand, "submits", "elected", "nobody", &settings->submits);
    case OPT_STICKY:
        settings->sticky = 1;
        return true;
    case OPT_VERBOSE:
        hand->narrator.verbose = true;
        return true;
    case OPT_LOCK_TTL:
    case OPT_LOCK_RETRY:
    case OPT_LOCK_WAIT:
    case OPT_POLL:
    case OPT_REPORT:
        return read_timing(hand, code);
    default:
        return false;
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
            atomic_store(&hand->lane.flip, 1u + (submit ? STATUS_SUBMIT : STATUS_PREPARE));
            lane_ring(&hand->lane);
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
    const struct link *link = &hand->member.link;
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
                                   .lane = &hand->lane,
                                   .notify_fd = -1,
                                   .record = tell,
                                   .record_self = hand,
                                   .dice = (uint64_t)monotonic_ns()};
    link_init(&hand->member.link, &address, hand->prefix, 1000);
    if (!member_connect(&hand->member, 0)) {
        return no_redis(hand);
    }
    hand->narrator.link = &hand->member.link;
    narrate_beginning(&hand->narrator, hand->id, address.shown);
    if (pthread_create(&keyboard, NULL, listen_to_keyboard, hand) == 0) {
        pthread_detach(keyboard);
    }
    atomic_store(&hand->lane.started, 1);
    member_run(&hand->member, hand->id);
    return EXIT_HELD;
}

static int by_hand(const char *program, int argc, char **argv, bool node)
{
    static struct by_hand hand; /* of this process alone; too large for a stack */
    int code;
    hand = (struct by_hand){.verb = argv[0],
                            .url = "redis://127.0.0.1:6379",
                            .prefix = "",
                            .settings = {.protocol = (uint8_t)protocol_find("article"),
                                         .lock = (uint8_t)lock_find("token"),
                                         .master_locks = 1,
                                         .nodes = NODE_ID_MAX,
                                         .lock_ttl_ns = 2000000000,
                                         .lock_retry_ns = 100000000,
                                         .poll_ns = 100000000}};
    optind = 1;
    while ((code = option_next(argc, argv, "", long_options)) != -1) {
        if (code == OPT_HELP) {
            return cli_help(program, help);
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
