/* Whether what was printed has gone out. See printed.h. */
#include "sim/cli/printed.h"

#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/system/descriptors.h"

static bool reader_has_gone(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

int cli_printed(int code)
{
    bool whole = fflush(stdout) == 0 && !ferror(stdout);
    if (whole || reader_has_gone()) {
        return code;
    }
    fprintf(stderr, "hustings: cannot write to standard output: %s\n",
            descriptors_output_closed() ? "it is closed; give it a file, a pipe or /dev/null"
                                        : "is its disk full?");
    return code == EXIT_INTERRUPTED ? code : EXIT_WORLD;
}
