/* Every trace in tests/traces must play as it is written. With HUSTINGS_REWRITE=1 in the
 * environment the files are written anew instead: read the difference before you commit it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>

#include "trace.h"

#define TEXT_MAX 65536
#define TRACES_MAX 128

static void read_file(const char *path, char *text)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t length = fread(text, 1, TEXT_MAX - 1, file);
    fclose(file);
    assert_true(length > 0 && length < TEXT_MAX - 1);
    text[length] = '\0';
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* Says where the two part, with the lines as they are and as they should be. */
static void must_be_same(const char *path, const char *written, const char *played)
{
    int number = 1;
    while (*written || *played) {
        size_t w = strcspn(written, "\n");
        size_t p = strcspn(played, "\n");
        if (w != p || strncmp(written, played, w) != 0) {
            fail_msg("%s:%d: written\n    %.*s\nbut played\n    %.*s\n"
                     "(HUSTINGS_REWRITE=1 writes it anew)",
                     path, number, (int)w, written, (int)p, played);
        }
        written += w + (written[w] == '\n');
        played += p + (played[p] == '\n');
        number++;
    }
}

static void plays_as_written(void **state)
{
    const char *path = *state;
    static char script[TEXT_MAX];
    static char played[TEXT_MAX];
    read_file(path, script);
    int wrong = trace_play(script, played, sizeof played);
    if (wrong) {
        fail_msg("%s:%d: %s", path, wrong, played);
    }
    if (getenv("HUSTINGS_REWRITE")) {
        write_file(path, played);
    } else {
        must_be_same(path, script, played);
    }
}

static void what_cannot_happen_is_an_error(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        int line;
    } wrongs[] = {
        {"reply 1 ok\n", 1},         {"start 1\nwake 1\n", 2},          {"start 99\n", 1},
        {"start 1\ndance 1 now", 2}, {"start 1\nreply 1 perhaps\n", 2}, {"set colour red\n", 1},
    };
    char out[TEXT_MAX / 8];
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        assert_int_equal(trace_play(wrongs[i].script, out, sizeof out), wrongs[i].line);
    }
}

int main(void)
{
    static struct CMUnitTest tests[TRACES_MAX + 1] = {
        cmocka_unit_test(what_cannot_happen_is_an_error),
    };
    glob_t traces;
    if (glob(TESTS_DIR "/traces/*.txt", 0, NULL, &traces) != 0 || traces.gl_pathc > TRACES_MAX) {
        fprintf(stderr, "no traces in " TESTS_DIR "/traces, or too many\n");
        return 1;
    }
    for (size_t i = 0; i < traces.gl_pathc; i++) {
        tests[i + 1] = (struct CMUnitTest){.name = strrchr(traces.gl_pathv[i], '/') + 1,
                                           .test_func = plays_as_written,
                                           .initial_state = traces.gl_pathv[i]};
    }
    int failed = _cmocka_run_group_tests("traces", tests, traces.gl_pathc + 1, NULL, NULL);
    globfree(&traces);
    return failed;
}
