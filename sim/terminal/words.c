/* Words: how the terminal names processes, times and numbers. */
#include "sim/terminal/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/history/text.h"

struct word word_who(int32_t id)
{
    struct word word;
    if (id == NOBODY) {
        snprintf(word.text, sizeof word.text, "nobody");
    } else if (id == MASTER_ID) {
        snprintf(word.text, sizeof word.text, "the master");
    } else {
        snprintf(word.text, sizeof word.text, "node %" PRId32, id);
    }
    return word;
}

struct word word_ms(int64_t ns)
{
    struct word word;
    snprintf(word.text, sizeof word.text, "%s",
             ns == NEVER_NS     ? "-"
             : ns == FOREVER_NS ? "never"
                                : text_ms_number(ns).text);
    return word;
}

struct word word_time(int64_t ns)
{
    struct word word;
    bool is_time = ns != NEVER_NS && ns != FOREVER_NS;
    if (!is_time) {
        return word_ms(ns);
    }
    snprintf(word.text, sizeof word.text, "%s", text_ms(ns).text);
    return word;
}

struct word word_clock(int64_t ns)
{
    struct word word;
    snprintf(word.text, sizeof word.text, "%.1f s", (double)ns / 1e9);
    return word;
}

struct word word_at(int64_t ns)
{
    struct word word;
    snprintf(word.text, sizeof word.text, "%s", text_seconds(ns).text);
    return word;
}

struct word word_count(uint64_t count, const char *one)
{
    struct word word;
    snprintf(word.text, sizeof word.text, "%s%s%s%s", text_count(count).text, *one ? " " : "", one,
             *one && count != 1 ? "s" : "");
    return word;
}

struct word word_cause(uint8_t cause, int32_t node)
{
    struct word word;
    const char *name = cause < CAUSES ? cause_names[cause] : "other";
    if (node == NOBODY) {
        snprintf(word.text, sizeof word.text, "%s", name);
    } else if (node == MASTER_ID) {
        snprintf(word.text, sizeof word.text, "%s master", name);
    } else {
        snprintf(word.text, sizeof word.text, "%s node %" PRId32, name, node);
    }
    return word;
}
