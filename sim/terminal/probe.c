/* What kind of terminal there is, and how large. */
#include <assert.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sim/terminal/terminal.h"

#define COLUMNS_DEFAULT 80
#define ROWS_DEFAULT 24

static int from_environment(const char *name, int fallback)
{
    const char *text = getenv(name);
    long value = text ? strtol(text, NULL, 10) : 0;
    return value > 0 && value < 10000 ? (int)value : fallback;
}

/* no-color.org: set, and not empty, whatever it says. */
static bool wants_no_colour(void)
{
    const char *text = getenv("NO_COLOR");
    return text && *text;
}

static bool is_dumb(void)
{
    const char *term = getenv("TERM");
    return !term || !*term || strcmp(term, "dumb") == 0;
}

void terminal_probe(struct terminal_options *options)
{
    if (!options->out) {
        options->out = stdout;
    }
    int fd = fileno(options->out);
    options->tty = fd >= 0 && isatty(fd) && !is_dumb();
    options->colour = options->tty && !wants_no_colour();
    options->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;

    struct winsize size = {0};
    bool known = options->tty && ioctl(fd, TIOCGWINSZ, &size) == 0;
    options->columns =
        known && size.ws_col > 0 ? size.ws_col : from_environment("COLUMNS", COLUMNS_DEFAULT);
    options->rows =
        known && size.ws_row > 0 ? size.ws_row : from_environment("LINES", ROWS_DEFAULT);
}
