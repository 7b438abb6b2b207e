/* Golden texts: what was printed must be, byte for byte, what tests/terminal/golden/NAME says. With
 * HUSTINGS_REWRITE=1 in the environment the file is written anew instead; read its diff.
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

static inline void golden_check(const char *name, const char *text)
{
    char path[1024];
    snprintf(path, sizeof path, TESTS_DIR "/terminal/golden/%s", name);
    const char *rewrite = getenv("HUSTINGS_REWRITE");
    bool write = rewrite && strcmp(rewrite, "1") == 0;
    FILE *file = fopen(path, write ? "w" : "r");
    if (!file) {
        fail_msg("%s cannot be opened; HUSTINGS_REWRITE=1 makes it", path);
    }
    if (write) {
        assert_int_equal(fputs(text, file) >= 0, 1);
        assert_int_equal(fclose(file), 0);
        return;
    }
    static char expected[1 << 16];
    size_t length = fread(expected, 1, sizeof expected - 1, file);
    expected[length] = '\0';
    fclose(file);
    if (strcmp(text, expected) != 0) {
        fail_msg("%s differs. Printed was:\n%s\nHUSTINGS_REWRITE=1 takes it over.", path, text);
    }
}

#endif
