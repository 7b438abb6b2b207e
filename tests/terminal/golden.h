/* Golden texts: what was printed must be, byte for byte, what tests/terminal/golden/NAME says. With
 * HUSTINGS_REWRITE=1 in the environment the file is written anew where it differs; read its diff.
 *
 * In a file `{checks}` is the number of checks there are, and `{other checks}` is one less: so that
 * a new check changes none.
 */
#ifndef HUSTINGS_TESTS_TERMINAL_GOLDEN_H
#define HUSTINGS_TESTS_TERMINAL_GOLDEN_H

/* cmocka's header needs these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/checks/check.h"
#include "sim/terminal/terminal.h"

/* A terminal whose output is kept in memory. */
struct capture {
    struct terminal_options options;
    struct terminal_state state;
    char *text; /* what was written; valid after capture_text() */
    size_t length;
};

static inline void capture_begin(struct capture *capture, int columns, bool tty)
{
    *capture = (struct capture){0};
    capture->options =
        (struct terminal_options){.tty = tty,
                                  .utf8 = true,
                                  .columns = columns,
                                  .rows = 24,
                                  .out = open_memstream(&capture->text, &capture->length),
                                  .state = &capture->state};
    assert_non_null(capture->options.out);
}

/* All that was written so far. */
static inline const char *capture_text(struct capture *capture)
{
    fflush(capture->options.out);
    return capture->text;
}

static inline void capture_end(struct capture *capture)
{
    fclose(capture->options.out);
    free(capture->text);
}

/* What stands at `text`, filled in if it is a placeholder; returns its length. */
static inline size_t golden_fill(FILE *out, const char *text)
{
    static const char checks[] = "{checks}", others[] = "{other checks}";
    if (strncmp(text, checks, strlen(checks)) == 0) {
        fprintf(out, "%zu", check_count());
        return strlen(checks);
    }
    if (strncmp(text, others, strlen(others)) == 0) {
        fprintf(out, "%zu", check_count() - 1);
        return strlen(others);
    }
    fputc(*text, out);
    return 1;
}

/* The whole file, filled in; NULL: there is none. The caller frees it. */
static inline char *golden_read(const char *path)
{
    static char text[1 << 16];
    char *filled = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "r");
    if (!file) {
        return NULL;
    }
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    FILE *out = open_memstream(&filled, &size);
    assert_non_null(out);
    for (const char *at = text; *at;) {
        at += golden_fill(out, at);
    }
    fclose(out);
    return filled;
}

static inline void golden_check(const char *name, const char *text)
{
    char path[1024];
    snprintf(path, sizeof path, TESTS_DIR "/terminal/golden/%s", name);
    const char *rewrite = getenv("HUSTINGS_REWRITE");
    char *expected = golden_read(path);
    bool same = expected && strcmp(text, expected) == 0;
    free(expected);
    if (!same && rewrite && strcmp(rewrite, "1") == 0) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        assert_true(fputs(text, file) >= 0);
        assert_int_equal(fclose(file), 0);
    } else if (!same) {
        fail_msg("%s differs. Printed was:\n%s\nHUSTINGS_REWRITE=1 takes it over.", path, text);
    }
}

#endif
