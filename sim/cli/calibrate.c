/* hustings calibrate: measures this machine for the model. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/calibrate/calibrate.h"
#include "sim/cli/cli.h"
#include "sim/cli/help.h"
#include "sim/cli/option.h"
#include "sim/processes/address.h"
#include "sim/text/clean.h"
#include "sim/text/errors.h"

#define TRIALS_DEFAULT 20

static const char help[] =
    "Usage: $0 calibrate [OPTION]... [RESULTS]...\n"
    "\n"
    "Measures this machine for the model: runs a cluster of five nodes and a master, for real,\n"
    "takes from its histories how late timers are and how long round trips take, alone and when\n"
    "all want to run at once, and writes what `$0 run --on model --latency FILE` reads.\n"
    "With results folders of real processes it runs nothing, and takes their histories.\n"
    "\n"
    "      --redis URL          use this Redis, under a prefix of our own, instead of a private "
    "one\n"
    "      --redis-server PROG  the private one's program\n"
    "      --trials N           measure with so many clusters (default 20)\n"
    "      --jobs N             so many of them side by side (default 1): as the runs will be "
    "that\n"
    "                           the model is compared with\n"
    "      --out FILE           where it is written (default latency.json)\n"
    "  -h, --help               show this\n"
    "\n"
    "Example:\n"
    "    $0 calibrate --out latency.json\n"
    "    $0 run --on model --latency latency.json scenarios/course/02-a-node-submits.yaml\n"
    "\n"
    "Exit: 0 written, 2 wrong usage, 3 the world failed (no Redis, full disk, …), 130 "
    "interrupted.\n";

struct asked {
    const char *program;
    struct host_options options;
    const char *out;
    char url[1024];
};

static int wrong(const struct asked *asked, const char *option, const char *text, const char *mend)
{
    clean_line(stderr, "hustings calibrate: --%s \"%s\": %s", option, text, mend);
    return cli_try(asked->program, "calibrate");
}

static int read_count(const struct asked *asked, const char *option, unsigned long most,
                      uint32_t *count)
{
    char *end;
    errno = 0;
    unsigned long value = strtoul(optarg, &end, 10);
    if (*optarg < '1' || *optarg > '9' || *end || errno || value > most) {
        char mend[64];
        snprintf(mend, sizeof mend, "give a whole number from 1 to %lu", most);
        return wrong(asked, option, optarg, mend);
    }
    *count = (uint32_t)value;
    return -1;
}

static int read_url(const char *text)
{
    struct address address;
    char error[1024];
    if (address_parse(text, &address, error, sizeof error)) {
        return -1;
    }
    clean_line(stderr, "hustings calibrate: --redis %s", error);
    return EXIT_USAGE;
}

static int read_option(struct asked *asked, int code)
{
    switch (code) {
    case 'h':
        return cli_help(asked->program, help);
    case 'r':
        snprintf(asked->url, sizeof asked->url, "%s", optarg);
        asked->options.redis_url = asked->url;
        return read_url(optarg);
    case 's':
        asked->options.redis_server = optarg;
        return -1;
    case 't':
        return read_count(asked, "trials", 100000, &asked->options.trials);
    case 'j':
        return read_count(asked, "jobs", 64, &asked->options.jobs);
    case 'o':
        asked->out = optarg;
        return -1;
    default:
        return cli_try(asked->program, "calibrate");
    }
}

/* Returns an exit code to end with, or -1 to go on. */
static int read_options(int argc, char **argv, struct asked *asked)
{
    static const struct option names[] = {
        {"redis", required_argument, NULL, 'r'},
        {"redis-server", required_argument, NULL, 's'},
        {"trials", required_argument, NULL, 't'},
        {"jobs", required_argument, NULL, 'j'},
        {"out", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    optind = 0; /* another verb may have read its own before */
    while ((option = option_next(argc, argv, "h", names)) != -1) {
        int code = read_option(asked, option);
        if (code >= 0) {
            return code;
        }
    }
    return -1;
}

static int finish(const struct calibration *calibration, const char *path)
{
    calibration_tell(calibration, stdout);
    if (!calibration_write(calibration, path)) {
        clean_line(stderr, "hustings calibrate: %s: %s", path, error_words(errno));
        return EXIT_WORLD;
    }
    clean_line(stdout, "written: %s", path);
    return EXIT_HELD;
}

static bool measure(struct calibration *calibration, const struct asked *asked,
                    char *const *folders)
{
    if (!*folders) {
        printf("measuring, for about %.0f s\n",
               calibration_seconds(asked->options.trials, asked->options.jobs));
        fflush(stdout);
        return calibration_run(calibration, &asked->options);
    }
    bool good = true;
    for (; good && *folders; folders++) {
        good = calibration_read(calibration, *folders);
    }
    return good;
}

int cli_calibrate(const char *program, int argc, char **argv)
{
    struct asked asked = {.program = program,
                          .options = {.trials = TRIALS_DEFAULT, .jobs = 1},
                          .out = "latency.json"};
    int code = read_options(argc, argv, &asked);
    if (code >= 0) {
        return code;
    }
    struct calibration *calibration = calloc(1, sizeof *calibration);
    if (!calibration) {
        fputs("hustings calibrate: out of memory\n", stderr);
        return EXIT_WORLD;
    }
    if (measure(calibration, &asked, argv + optind) && calibration_make(calibration)) {
        code = finish(calibration, asked.out);
    } else if (calibration->end == TRIAL_INTERRUPTED) {
        code = EXIT_INTERRUPTED;
    } else {
        clean_line(stderr, "hustings calibrate: %s", calibration->error);
        code = EXIT_WORLD;
    }
    calibration_free(calibration);
    free(calibration);
    return code;
}
