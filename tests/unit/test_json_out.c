/* JSON as it is written: brackets, commas and lines; text that is no text; times and ids that are
 * none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/outcome/outcome.h"
#include "sim/results/json_out.h"

static void put(struct json_out *out)
{
    json_open(out, NULL, '{');
    json_text(out, "text", "a \"b\" \\ \x1b \xff\xc3\xa4\n");
    json_open(out, "none", '[');
    json_close(out);
    json_open(out, "list", '[');
    json_whole(out, NULL, -5);
    json_number(out, NULL, 0.1);
    json_open(out, NULL, '{');
    json_flag(out, "yes", true);
    json_null(out, "no");
    json_close(out);
    json_close(out);
    json_seed(out, "seed", UINT64_MAX);
    json_ms(out, "ms", 1234567);
    json_ms(out, "never", NEVER_NS);
    json_id(out, "id", 0);
    json_id(out, "nobody", NOBODY);
    json_text(out, "nothing", NULL);
    json_close(out);
}

static void assert_written(int deep_lines, const char *expected)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);
    assert_non_null(file);
    struct json_out out = json_out(file, deep_lines);
    put(&out);
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, expected);
    free(text);
}

static void on_one_line(void **state)
{
    (void)state;
    assert_written(0, "{\"text\":\"a \\\"b\\\" \\\\   ?\xc3\xa4 \",\"none\":[],\"list\":[-5,0.1,"
                      "{\"yes\":true,\"no\":null}],\"seed\":\"18446744073709551615\",\"ms\":1.235,"
                      "\"never\":null,\"id\":0,\"nobody\":null,\"nothing\":null}");
}

static void on_lines_down_to_a_depth(void **state)
{
    (void)state;
    assert_written(1, "{\n  \"text\": \"a \\\"b\\\" \\\\   ?\xc3\xa4 \",\n  \"none\": [],\n"
                      "  \"list\": [-5, 0.1, {\"yes\": true, \"no\": null}],\n"
                      "  \"seed\": \"18446744073709551615\",\n  \"ms\": 1.235,\n"
                      "  \"never\": null,\n  \"id\": 0,\n  \"nobody\": null,\n"
                      "  \"nothing\": null\n}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(on_one_line),
        cmocka_unit_test(on_lines_down_to_a_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
