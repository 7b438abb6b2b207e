/* The next option of a command line. See option.h. */
#include "sim/cli/option.h"

#include <stddef.h>

int option_next(int argc, char **argv, const char *letters, const struct option *names)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread while options are read. */
    return getopt_long(argc, argv, letters, names, NULL);
}
