/* Which commands a trigger or a fault is about. See pattern.h. */
#include "sim/faults/pattern.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>

static char small(char c)
{
    bool capital = c >= 'A' && c <= 'Z';
    return (char)(capital ? c - 'A' + 'a' : c);
}

static bool same(char a, char b, bool any_case)
{
    return a == b || (any_case && small(a) == small(b));
}

/* What a star has taken can only grow: the last one is tried again, and no other. */
static bool fits(const char *pattern, const char *text, bool any_case)
{
    const char *star = NULL, *from = text;
    assert(pattern && text);
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            from = text;
        } else if (*pattern && (*pattern == '?' || same(*pattern, *text, any_case))) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++from;
        } else {
            return false;
        }
    }
    while (*pattern == '*') {
        pattern++;
    }
    return *pattern == '\0';
}

bool pattern_matches(const struct command_pattern *pattern, const struct command_seen *seen)
{
    assert(!seen->name || seen->key);
    return seen->name && (!pattern->name[0] || fits(pattern->name, seen->name, true)) &&
           (!pattern->key[0] || fits(pattern->key, seen->key, false));
}

bool pattern_is_greeting(const char *name)
{
    static const char *const greetings[] = {"AUTH", "HELLO", "PING", "SELECT"};
    assert(name);
    for (size_t i = 0; i < sizeof greetings / sizeof *greetings; i++) {
        if (fits(greetings[i], name, true)) {
            return true;
        }
    }
    return false;
}

char *pattern_text(const struct command_pattern *pattern, char *out, int size)
{
    assert(size > 0);
    snprintf(out, (size_t)size, "%s%s%s", pattern->name[0] ? pattern->name : "any command",
             pattern->key[0] ? " of " : "", pattern->key);
    return out;
}
