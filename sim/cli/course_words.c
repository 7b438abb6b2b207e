/* What the course says by itself. See course_words.h. */
#include "sim/cli/course_words.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const words[COURSE_WORDS][LANGUAGES] = {
    [SAY_LESSON] = {"Lesson %zu of %zu: %s", "第 %zu 课（共 %zu 课）：%s"},
    [SAY_OWN_LESSON] = {"Lesson: %s", "课程：%s"},
    [SAY_PREDICT] = {"Your prediction (a to %c, q stops): ", "你的预测（a 到 %c，q 退出）："},
    [SAY_NOT_ONE] = {"Type one letter, from a to %c.", "请输入 a 到 %c 中的一个字母。"},
    [SAY_ON_PROCESSES] = {"It runs %s, as real processes through a Redis of their own. "
                          "That takes some seconds.",
                          "运行%s：真实的进程，经由一个专用的 Redis，需要几秒钟。"},
    [SAY_ON_MODEL] = {"It runs %s on the model, in virtual time.", "在模型上用虚拟时间运行%s。"},
    [SAY_NO_SERVER] = {"There is no redis-server here, so it runs %s on the model, in virtual "
                       "time.",
                       "这里没有 redis-server，因此在模型上用虚拟时间运行%s。"},
    [SAY_ONCE] = {"once", "一次"},
    [SAY_TIMES] = {"%u times", " %u 次"},
    [SAY_AS_PREDICTED] = {"You predicted %c, and so it came.", "你预测的是 %c，结果正是如此。"},
    [SAY_OTHERWISE] = {"You predicted %c. What came is %c: %s", "你预测的是 %c，结果是 %c：%s"},
    [SAY_WHY] = {"Why: ", "为什么："},
    [SAY_CURE] = {"The one change that cures it:", "只改这一处就能解决："},
    [SAY_CURE_PROMPT] = {"Enter runs it with this change, q stops: ",
                         "按回车键带着这处修改再运行一次，q 退出："},
    [SAY_CURED] = {"With it, every expectation held.", "改了之后，所有期望都成立。"},
    [SAY_NEXT_PROMPT] = {"Enter goes on with lesson %zu, %s; q stops: ",
                         "按回车键进入第 %zu 课“%s”，q 退出："},
    [SAY_LAST] = {"That was the last lesson. The catalogue has more of what goes wrong:",
                  "课程到此结束。更多的故障见故障目录："},
    [SAY_ALL_DONE] = {"You have done all lessons. Name one to do it again, or begin anew after "
                      "--reset.",
                      "所有课程都已完成。给出课号可以再做一次，用 --reset 可以从头开始。"},
    [SAY_STOPPED] = {"To go on where you are: %s course", "从这里继续：%s course"},
    [SAY_REMEMBERED] = {"Where you are is remembered in %s; --reset forgets it.",
                        "进度记在 %s，用 --reset 清除。"},
    [SAY_NOT_REMEMBERED] = {"Where you are cannot be remembered: %s", "无法记住进度：%s"},
    [SAY_FORGOTTEN] = {"What you have done is forgotten; the course begins with lesson 1.",
                       "进度已清除，课程从第 1 课开始。"},
    [SAY_UNLIKE] = {"This run did not go as the lesson says, so it shows no answer. A busy machine "
                    "may be why; the model is not disturbed by that: %s",
                    "这次运行和课程说的不一样，所以不能给出答案。可能是机器太忙；"
                    "模型不受影响：%s"},
    [SAY_LISTED_NOT] = {"not yet", "还没做"},
    [SAY_LISTED_RIGHT] = {"predicted %c, and so it came", "预测 %c，正是如此"},
    [SAY_LISTED_OTHER] = {"predicted %c, and %c came", "预测 %c，结果是 %c"},
    [SAY_SHEET_TITLE] = {"Answers to the course", "课程答案"},
    [SAY_SHEET_INTRO] = {"Made from the lessons' files. Each answer comes true when its lesson "
                         "runs, and each cure holds: the command below it shows that.",
                         "由课程文件生成。每个答案都能在运行中看到，每种解决办法都有效："
                         "运行其下的命令即可看到。"},
    [SAY_SHEET_ANSWER] = {"Answer: %c.", "答案：%c。"},
    [SAY_SHEET_CURE] = {"The one change that cures it:", "只改这一处就能解决："},
};

char *course_say(enum course_word word, enum language language, char *out, size_t size, ...)
{
    va_list arguments;
    assert(words[word][language]);
    va_start(arguments, size);
    vsnprintf(out, size, words[word][language], arguments);
    va_end(arguments);
    return out;
}

enum language course_language(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value) {
            for (int language = 0; language < LANGUAGES; language++) {
                if (strncmp(value, language_names[language], 2) == 0) {
                    return (enum language)language;
                }
            }
            return LANGUAGE_ENGLISH;
        }
    }
    return LANGUAGE_ENGLISH;
}
