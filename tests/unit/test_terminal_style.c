/* Lines of text are as wide as their letters. */
#include "tests/terminal/canned.h"
#include "tests/terminal/golden.h"

#include <locale.h>

#include "sim/terminal/style.h"

/* A paragraph on a screen of 41 columns. */
static void assert_broken(const char *text, const char *expected)
{
    struct capture capture;
    capture_begin(&capture, 41, false);
    style_paragraph(&capture.options, STYLE_PLAIN, "", STYLE_PLAIN, text, 0);
    assert_string_equal(capture_text(&capture), expected);
    capture_end(&capture);
}

static void wide_letters_take_two_columns_and_marks_none(void **unused)
{
    (void)unused;
    if (!setlocale(LC_ALL, "C.UTF-8")) {
        skip();
    }
    assert_broken("数据运维技术数据运维技术数据运维技术数据运维技术 e\u0301a\u0308",
                  "数据运维技术数据运维技术数据运维技术数据\n运维技术 e\u0301a\u0308\n");
    setlocale(LC_ALL, "C");
}

/* Not at the last blank, which may be far; and no line begins with what closes. */
static void chinese_is_broken_between_its_characters(void **unused)
{
    (void)unused;
    if (!setlocale(LC_ALL, "C.UTF-8")) {
        skip();
    }
    assert_broken("节点 1 是领导者规则二选出编号最小的节点它，提交状态“准备”",
                  "节点 1 是领导者规则二选出编号最小的节点\n它，提交状态“准备”\n");
    assert_broken("数据运维技术数据运维技术数据运维技术数据，然后",
                  "数据运维技术数据运维技术数据运维技术数\n据，然后\n");
    setlocale(LC_ALL, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wide_letters_take_two_columns_and_marks_none),
        cmocka_unit_test(chinese_is_broken_between_its_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
