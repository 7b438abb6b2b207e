/* hustings clean: removes from a Redis what runs have left behind there. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/option.h"
#include "sim/history/text.h"
#include "sim/processes/leftovers.h"
#include "sim/text/clean.h"

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

struct clean_verb {
    char url[OPTION_REDIS_SIZE];
};

static const struct option_row rows[] = {
    {.name = "redis",
     .kind = OPTION_REDIS,
     .at = offsetof(struct clean_verb, url),
     .value = "URL",
     .help = "the Redis; it must be given",
     .more = "It is `redis://[user:password@]host[:port][/db]` or `unix:/path[?db=n]`"},
    {0}};

const struct verb verb_clean = {
    .name = "clean",
    .summary = "remove what runs left behind in a Redis of yours",
    .usage = {"--redis URL"},
    .about =
        "Removes the keys that runs with `--redis` have left behind in a Redis, and says which "
        "runs "
        "they were. A run removes its keys when it ends, however it ends. They stay only if it was "
        "killed together with all that watches over it, or if its machine stopped. Then they would "
        "vanish by themselves after an hour, or a little more.\n\n"
        "Only keys called hustings:TIME-PID:TRIAL:… are touched, one command for each. Runs that "
        "still live, on any machine, are left alone: each gives a sign of life every few seconds, "
        "which counts for a minute.",
    .rows = rows,
    .examples = {{NULL, "$0 clean --redis redis://127.0.0.1:6379"}},
    .exits = {{0, "nothing is left but what belongs to runs that live"},
              {2, "wrong usage"},
              {3, "the Redis fails or refuses"}},
    .environment = {{"HUSTINGS_REDIS_PASSWORD", "the password, where the URL has none"}},
    .see = {"run"},
};

int cli_clean(const char *program, int argc, char **argv)
{
    struct clean_verb verb = {.url = ""};
    int code = options_read(program, argc, argv, &verb_clean, &verb);
    if (code != OPTIONS_GOOD) {
        return code;
    }
    if (optind < argc || verb.url[0] == '\0') {
        clean_line(stderr, "hustings clean: which Redis? Try: %s clean --redis %s",
                   cli_name(program).text, "redis://127.0.0.1:6379");
        return EXIT_USAGE;
    }
    return clean(verb.url);
}
