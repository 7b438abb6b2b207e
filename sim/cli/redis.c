/* hustings redis: a Redis for trying things by hand, on a Unix socket and a port of this machine
 * alone, with its files in a temporary folder. It is gone, and so is the folder, when this ends,
 * however it ends: the guardian (processes/guardian.h) sees to that. */
#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/option.h"
#include "sim/processes/link_commands.h"
#include "sim/processes/server.h"
#include "sim/system/interrupt.h"
#include "sim/text/clean.h"
#include "sim/text/clock.h"
#include "sim/text/errors.h"
#include "src/units.h"

#define PORT_USUAL 6379
#define CLIENTS 1000
#define BOOT_TIMEOUT_NS (10 * NS_PER_S)

struct stand {
    const char *program;
    struct server_program server_program;
    struct guardian guardian;
    struct server server;
    uint16_t port;
    bool told; /* to end */
};

/* --- the port --------------------------------------------------------------------------------- */

/* Whether a port of this machine can be listened on; 0 becomes a free one. False with errno. */
static bool port_is_free(uint16_t *port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(*port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int yes = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes); /* as the server does */
    bool is_free = fd >= 0 && bind(fd, (struct sockaddr *)&address, length) == 0 &&
                   listen(fd, 1) == 0 && getsockname(fd, (struct sockaddr *)&address, &length) == 0;
    int error = errno;
    if (fd >= 0) {
        close(fd);
    }
    *port = ntohs(address.sin_port);
    errno = error;
    return is_free;
}

static int no_port(uint16_t port)
{
    if (errno == EADDRINUSE) {
        clean_line(stderr,
                   "hustings redis: port %u is taken, perhaps by a Redis that runs already; take "
                   "another with --port N, or a free one with --port 0",
                   (unsigned)port);
    } else {
        clean_line(stderr, "hustings redis: cannot listen on port %u: %s; take another with --port",
                   (unsigned)port, error_words(errno));
    }
    return EXIT_WORLD;
}

/* --- up --------------------------------------------------------------------------------------- */

static bool has_ended(pid_t *pid)
{
    if (*pid > 0 && waitpid(*pid, NULL, WNOHANG) == *pid) {
        *pid = 0;
    }
    return *pid == 0;
}

/* The server, or the guardian, without which the server could outlive us. */
static bool has_died(struct stand *stand)
{
    return has_ended(&stand->server.pid) || has_ended(&stand->guardian.pid);
}

/* Waits until it answers, until its time is up, or until this is told to end. False: it does not
 * answer. */
static bool comes_up(struct stand *stand, const sigset_t *ends)
{
    const struct timespec moment = {.tv_nsec = 5 * NS_PER_MS};
    int64_t until_ns = monotonic_ns() + BOOT_TIMEOUT_NS;
    bool answers = false;
    struct link link;
    struct address address = {.port = stand->port};
    snprintf(address.host, sizeof address.host, "127.0.0.1");
    link_init(&link, &address, "", 1000);
    while (!answers && !stand->told && !has_died(stand) && monotonic_ns() < until_ns) {
        answers = link_pings(&link);
        stand->told = !answers && sigtimedwait(ends, NULL, &moment) > 0;
    }
    link_close(&link);
    return answers && !has_died(stand);
}

static void tell(const struct stand *stand)
{
    char url[64] = "";
    unsigned port = stand->port;
    const struct cli_name name = cli_name(stand->program);
    if (port != PORT_USUAL) {
        snprintf(url, sizeof url, " --redis redis://127.0.0.1:%u", port);
    }
    clean_line(stdout,
               "A Redis for trying things by hand (%s), until Ctrl-C:", stand->server_program.name);
    printf("\n  redis://127.0.0.1:%u\n", port);
    clean_line(stdout, "  unix:%s", stand->server.address.path);
    printf("\nTry, each in a terminal of its own:\n\n");
    printf("  redis-cli -p %u MONITOR\n", port);
    printf("  %s node 1%s\n", name.text, url);
    printf("  %s node 2%s\n", name.text, url);
    printf("  %s master%s\n", name.text, url);
    printf("\nand look at what they leave:\n\n");
    printf("  redis-cli -p %u HGETALL nodes\n", port);
    printf("  redis-cli -p %u GET election_result\n", port);
    fflush(stdout);
}

/* Until it is told to end, or something of it has ended by itself. */
static void stay(struct stand *stand, const sigset_t *ends)
{
    sigset_t all = *ends;
    sigaddset(&all, SIGCHLD);
    int number = SIGCHLD;
    /* -1 is no signal: it was stopped (Ctrl-Z), and goes on. */
    while ((number == SIGCHLD || number < 0) && !has_died(stand)) {
        number = sigwaitinfo(&all, NULL);
    }
    stand->told = number != SIGCHLD && number > 0;
}

static void tell_why(const struct stand *stand, bool up)
{
    char words[1024];
    if (stand->guardian.pid == 0) {
        clean_line(stderr, "hustings redis: the guardian process was killed; ended, so that "
                           "nothing is left behind");
        return;
    }
    server_last_words(&stand->server, words, sizeof words);
    clean_line(stderr, "hustings redis: %s %s: %s", stand->server_program.name,
               up ? "has ended by itself" : "does not come up", words);
}

/* The signals that end it are blocked: they are waited for. */
static int serve(struct stand *stand, const sigset_t *ends)
{
    char error[1100], folder[112];
    const struct server_options options = {.program = &stand->server_program,
                                           .guardian = &stand->guardian,
                                           .clients = CLIENTS,
                                           .port = stand->port};
    snprintf(folder, sizeof folder, "%s/redis", stand->guardian.folder);
    if (!server_start(&stand->server, &options, folder, error, sizeof error)) {
        clean_line(stderr, "hustings redis: %s", error);
        return EXIT_WORLD;
    }
    bool up = comes_up(stand, ends);
    if (up) {
        tell(stand);
        stay(stand, ends);
    }
    if (!stand->told) {
        tell_why(stand, up);
    }
    server_stop(&stand->server);
    if (stand->told) {
        printf("\nThe Redis is gone, and so is what was in it.\n");
    }
    return stand->told ? EXIT_HELD : EXIT_WORLD;
}

static int run(struct stand *stand)
{
    char error[1100];
    sigset_t ends, blocked, before;
    if (!guardian_start(&stand->guardian, NULL, NULL, error, sizeof error)) {
        clean_line(stderr, "hustings redis: %s", error);
        return EXIT_WORLD;
    }
    interrupt_set(&ends);
    blocked = ends;
    sigaddset(&blocked, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    int code = serve(stand, &ends);
    guardian_stop(&stand->guardian);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return code;
}

struct redis_verb {
    uint32_t port;
    const char *wanted; /* the server's program; NULL: whichever there is */
};

static const struct option_row rows[] = {{.name = "port",
                                          .kind = OPTION_COUNT,
                                          .at = offsetof(struct redis_verb, port),
                                          .low = 0,
                                          .high = UINT16_MAX,
                                          .value = "N",
                                          .help = "the port; 0 takes one that is free",
                                          .usual = "6379"},
                                         {.name = "redis-server",
                                          .kind = OPTION_TEXT,
                                          .at = offsetof(struct redis_verb, wanted),
                                          .value = "PROGRAM",
                                          .takes = TAKES_PROGRAM,
                                          .help = "the program of the Redis",
                                          .usual = "redis-server, valkey-server or keydb-server, "
                                                   "whichever is found"},
                                         {0}};

const struct verb verb_redis = {
    .name = "redis",
    .summary = "a Redis for trying things by hand, gone with Ctrl-C",
    .usage = {"[OPTION]..."},
    .about = "Starts a Redis for trying things by hand, and stays until Ctrl-C. It listens on a "
             "Unix socket and on a port of this machine alone (127.0.0.1), and asks for no "
             "password. When this ends, the Redis and all that was in it are gone.",
    .rows = rows,
    .examples = {{NULL, "$0 redis --port 7000"}},
    .exits = {{0, "it was ended"},
              {2, "wrong usage"},
              {3, "the Redis could not start, or ended by itself"}},
    .see = {"node", "master"},
};

int cli_redis(const char *program, int argc, char **argv)
{
    struct stand stand = {.program = program};
    struct redis_verb verb = {.port = PORT_USUAL};
    char error[400];
    int code = options_read(program, argc, argv, &verb_redis, &verb);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (optind < argc) {
        clean_line(stderr, "hustings redis: takes options only; try: %s redis --help",
                   cli_name(program).text);
        return EXIT_USAGE;
    }
    if (!server_find(verb.wanted, &stand.server_program, error, sizeof error)) {
        clean_line(stderr, "hustings redis: %s", error);
        return EXIT_WORLD;
    }
    stand.port = (uint16_t)verb.port;
    return port_is_free(&stand.port) ? run(&stand) : no_port((uint16_t)verb.port);
}
