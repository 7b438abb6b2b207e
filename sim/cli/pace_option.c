/* The options --slow and --speed. See pace_option.h. */
#include "sim/cli/pace_option.h"

struct option_row pace_slow_row(struct pace_options *options)
{
    return (struct option_row){.name = "slow",
                               .kind = OPTION_COUNT,
                               .into = &options->slow,
                               .low = 1,
                               .high = PACE_SLOWEST};
}

struct option_row pace_speed_row(struct pace_options *options)
{
    return (struct option_row){.name = "speed", .kind = OPTION_TEXT, .into = &options->speed};
}

int pace_read(const struct pace_options *options, const char *program, const char *verb,
              struct pace *pace)
{
    if (options->slow > 0) {
        *pace = (struct pace){1, options->slow};
    }
    if (options->speed && !pace_parse(options->speed, pace)) {
        return option_wrong(program, verb, "speed", options->speed,
                            "give a number from 1/1000000 to 1000: 4, 1/20");
    }
    return OPTIONS_GOOD;
}
