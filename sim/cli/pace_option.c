/* The options --slow and --speed. See pace_option.h. */
#include "sim/cli/pace_option.h"

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
