/* What a verb says of itself. See help.h. */
#include "sim/cli/help.h"

#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/text/clean.h"

#define PROGRAM "$0"

int cli_help(const char *program, const char *help)
{
    char name[4096];
    const char *next;
    clean_text(program, name, sizeof name);
    for (; (next = strstr(help, PROGRAM)); help = next + strlen(PROGRAM)) {
        printf("%.*s%s", (int)(next - help), help, name);
    }
    fputs(help, stdout);
    return EXIT_HELD;
}

int cli_try(const char *program, const char *verb)
{
    clean_line(stderr, "Try: %s %s --help", program, verb);
    return EXIT_USAGE;
}
