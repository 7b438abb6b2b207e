/* hustings clean: removes from a Redis what runs have left behind there. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sim/cli/cli.h"
#include "sim/cli/option.h"
#include "sim/history/text.h"
#include "sim/processes/leftovers.h"
#include "sim/text/clean.h"

static const char help[] =
    "Usage: $0 clean --redis URL\n"
    "Removes the keys that runs with --redis URL have left behind in that Redis, and says which\n"
    "runs they were. A run removes its keys when it ends, however it ends; they stay only if it\n"
    "was killed together with all that watches over it, or if its machine stopped. Then they\n"
    "would vanish by themselves after an hour, or a little more.\n"
    "\n"
    "Only keys called hustings:TIME-PID:TRIAL:… are touched, one command for each. Runs that\n"
    "still live, on any machine, are left alone: each gives a sign of life every few seconds,\n"
    "which counts for a minute.\n"
    "\n"
    "  --redis URL          redis://[user:password@]host[:port][/db] or\n"
    "                       unix:/path[?db=n]; the password may come from the environment\n"
    "                       variable HUSTINGS_REDIS_PASSWORD\n"
    "  -h, --help\n"
    "\n"
    "Example: $0 clean --redis redis://127.0.0.1:6379\n"
    "\n"
    "Exit: 0 nothing is left but what belongs to living runs, 2 wrong usage, 3 the Redis fails or\n"
    "refuses.\n";

struct count {
    uint32_t runs, keys, living;
};

/* "6 keys", "1 key" */
static void print_count(uint32_t count, const char *what)
{
    printf("%s %s%s", text_count(count).text, what, count == 1 ? "" : "s");
}

static void tell(void *self, const struct leftover_run *run)
{
    struct count *count = self;
    char began[32] = "?";
    time_t seconds = (time_t)run->began_s;
    struct tm utc;
    if (gmtime_r(&seconds, &utc)) {
        strftime(began, sizeof began, "%Y-%m-%dT%H:%M:%SZ", &utc);
    }
    count->keys += run->keys;
    count->runs += run->keys > 0;
    count->living += run->lives;
    if (run->keys > 0) {
        fputs("removed  ", stdout);
        print_count(run->keys, "key");
        fputs(" of ", stdout);
        print_count(run->trials, "trial");
        printf(": %s*, a run that process %u began at %s\n", run->prefix, (unsigned)run->pid,
               began);
    }
    if (run->lives) {
        printf("kept     %s*: this run lives, or did within the last %d s\n", run->prefix,
               LEFTOVERS_SIGN_SECONDS);
    }
}

static int clean(const char *url)
{
    struct address address;
    struct link link;
    struct count count = {0};
    char error[1024];
    if (!address_parse(url, &address, error, sizeof error)) {
        clean_line(stderr, "hustings clean: --redis %s", error);
        return EXIT_USAGE;
    }
    link_init(&link, &address, "", 5000);
    bool good = leftovers_remove(&link, tell, &count);
    if (count.keys > 0) {
        fputs("In all ", stdout);
        print_count(count.keys, "key");
        fputs(" of ", stdout);
        print_count(count.runs, "run");
        printf(" removed from %s.\n", address.shown);
    } else if (good) {
        printf("Nothing to remove: no key of a run that has ended is in %s.\n", address.shown);
    }
    if (!good) {
        char telling[LINK_TELLING];
        link_tell(&link, telling, sizeof telling);
        clean_line(stderr, "hustings clean: %s", telling);
    }
    link_close(&link);
    return good ? EXIT_HELD : EXIT_WORLD;
}

int cli_clean(const char *program, int argc, char **argv)
{
    char url[OPTION_REDIS_SIZE] = "";
    const struct option_row rows[] = {{.name = "redis", .kind = OPTION_REDIS, .into = url}, {0}};
    int code = options_read(program, argc, argv, rows, help);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (optind < argc || url[0] == '\0') {
        clean_line(stderr, "hustings clean: which Redis? Try: %s clean --redis %s", program,
                   "redis://127.0.0.1:6379");
        return EXIT_USAGE;
    }
    return clean(url);
}
