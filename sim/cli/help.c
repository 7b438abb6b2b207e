/* What the verbs say in the same way. See help.h. */
#include "sim/cli/help.h"

#include <stdarg.h>
#include <stdio.h>

#include "sim/cli/cli.h"
#include "sim/results/command.h"
#include "sim/results/shipped.h"
#include "sim/terminal/style.h"
#include "sim/text/clean.h"

void help_line(const char *name, int column, const char *format, ...)
{
    struct terminal_options screen = {.out = stdout};
    char text[400], lead[64];
    va_list arguments;
    terminal_probe(&screen);
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    snprintf(lead, sizeof lead, "  %-*s ", column - 3, name);
    style_paragraph(&screen, STYLE_PLAIN, lead, STYLE_PLAIN, text, 0);
}

struct cli_name cli_name(const char *program)
{
    struct cli_name name = {""};
    shell_word(program, name.text, sizeof name.text);
    clean_text(name.text, name.text, sizeof name.text);
    return name;
}

int cli_try(const char *program, const char *verb)
{
    clean_line(stderr, "Try: %s %s --help", cli_name(program).text, verb);
    return EXIT_USAGE;
}

bool cli_shipped(const char *program, const char *name, char *word, size_t size)
{
    char path[SHIPPED_SIZE], call[SHIPPED_SIZE];
    if (!shipped_path(program, name, path, sizeof path)) {
        return false;
    }
    shipped_call(program, path, call, sizeof call);
    shell_word(call, word, size);
    return true;
}

int cli_try_shipped(const char *program, const char *verb, const char *name, const char *behind)
{
    char word[SHIPPED_SIZE];
    if (!cli_shipped(program, name, word, sizeof word)) {
        return cli_try(program, verb);
    }
    clean_line(stderr, "Try: %s %s %s%s", cli_name(program).text, verb, word, behind);
    return EXIT_USAGE;
}
