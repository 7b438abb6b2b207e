/* Words: how the terminal names processes, times and numbers. */
#include "sim/terminal/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/history/text.h"

char *word_who(int32_t id, char *out, size_t size)
{
    if (id == NOBODY) {
        snprintf(out, size, "nobody");
    } else if (id == MASTER_ID) {
        snprintf(out, size, "the master");
    } else {
        snprintf(out, size, "node %" PRId32, id);
    }
    return out;
}

char *word_ms(int64_t ns, char *out, size_t size)
{
    snprintf(out, size, "%s",
             ns == NEVER_NS     ? "-"
             : ns == FOREVER_NS ? "never"
                                : text_ms_number(ns).text);
    return out;
}

char *word_time(int64_t ns, char *out, size_t size)
{
    bool is_time = ns != NEVER_NS && ns != FOREVER_NS;
    if (!is_time) {
        return word_ms(ns, out, size);
    }
    snprintf(out, size, "%s", text_ms(ns).text);
    return out;
}

char *word_clock(int64_t ns, char *out, size_t size)
{
    snprintf(out, size, "%.1f s", (double)ns / 1e9);
    return out;
}

char *word_at(int64_t ns, char *out, size_t size)
{
    snprintf(out, size, "%s", text_seconds(ns).text);
    return out;
}

char *word_count(uint64_t count, const char *one, char *out, size_t size)
{
    snprintf(out, size, "%s%s%s%s", text_count(count).text, *one ? " " : "", one,
             *one && count != 1 ? "s" : "");
    return out;
}

char *word_cause(uint8_t cause, int32_t node, char *out, size_t size)
{
    const char *name = cause < CAUSES ? cause_names[cause] : "other";
    if (node == NOBODY) {
        snprintf(out, size, "%s", name);
    } else if (node == MASTER_ID) {
        snprintf(out, size, "%s master", name);
    } else {
        snprintf(out, size, "%s node %" PRId32, name, node);
    }
    return out;
}
