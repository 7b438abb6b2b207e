/* The readers of scalars: numbers, durations, words, flags, ids. See walk.h. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/borrowed.h"
#include "sim/scenario/walk.h"
#include "src/ballot.h"
#include "src/owners.h"
#include "src/protocol.h"
#include "src/units.h"

const char *scalar_text(struct walk *walk, const struct node *node, const char *expected)
{
    if (!walk_is(walk, node, NODE_SCALAR, expected)) {
        return NULL;
    }
    bool null = node->plain && (node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
                                strcmp(node->text, "null") == 0);
    if (null) {
        char hint[160];
        snprintf(hint, sizeof hint, "write %s, or leave the line away", expected);
        walk_problem(walk, node, hint, "has no value");
        return NULL;
    }
    return node->text;
}

bool is_number(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && text[digits] == '\0' && (text[0] != '0' || digits == 1);
}

static void number_problem(struct walk *walk, const struct node *node, const char *name,
                           const char *range)
{
    char hint[160];
    const char *text = node->text;
    if (!node->plain && is_number(text)) {
        snprintf(hint, sizeof hint, "leave the quotes away");
    } else if (text[0] == '0' && is_number(text + strspn(text, "0"))) {
        snprintf(hint, sizeof hint, "write %.20s", text + strspn(text, "0"));
    } else {
        snprintf(hint, sizeof hint, "write %s", range);
    }
    walk_problem(walk, node, hint, "%s must be a whole number", name);
}

bool read_number(struct walk *walk, const struct node *node, const char *name, int64_t low,
                 int64_t high, int64_t *out)
{
    char range[80];
    snprintf(range, sizeof range, "%" PRId64 " to %" PRId64, low, high);
    char expected[100];
    snprintf(expected, sizeof expected, "a whole number from %s", range);
    const char *text = scalar_text(walk, node, expected);
    if (!text) {
        return false;
    }
    bool negative = text[0] == '-' && is_number(text + 1);
    if (!node->plain || (!negative && !is_number(text))) {
        number_problem(walk, node, name, range);
        return false;
    }
    int64_t value = strlen(text) > 18 ? INT64_MAX : strtoll(text, NULL, 10);
    if (value < low || value > high) {
        char hint[100];
        snprintf(hint, sizeof hint, "write %s", range);
        walk_problem(walk, node, hint, "%s is out of bounds", name);
        return false;
    }
    *out = value;
    return true;
}

bool read_unsigned_64(struct walk *walk, const struct node *node, const char *name, uint64_t *out)
{
    static const char expected[] = "a number from 0 to 18446744073709551615, or hexadecimal: 0x2a";
    const char *text = scalar_text(walk, node, expected);
    if (!text) {
        return false;
    }
    bool hex = strncmp(text, "0x", 2) == 0 && text[2];
    bool right =
        hex ? strspn(text + 2, "0123456789abcdefABCDEF") == strlen(text + 2) : is_number(text);
    if (!right || !node->plain) {
        number_problem(walk, node, name, expected);
        return false;
    }
    const char *digits = hex ? text + 2 + strspn(text + 2, "0") : text;
    bool large =
        hex ? strlen(digits) > 16
            : strlen(text) > 20 || (strlen(text) == 20 && strcmp(text, "18446744073709551615") > 0);
    if (large) {
        walk_problem(walk, node, "write one below 2^64", "%s is out of bounds", name);
        return false;
    }
    *out = *digits ? strtoull(digits, NULL, hex ? 16 : 10) : 0;
    return true;
}

/* --- durations -------------------------------------------------------------------------------- */

static bool is_decimal(const char *text)
{
    size_t whole = strspn(text, "0123456789");
    if (whole == 0 || text[whole] == '\0') {
        return whole > 0;
    }
    size_t rest = strspn(text + whole + 1, "0123456789");
    return text[whole] == '.' && rest > 0 && text[whole + 1 + rest] == '\0';
}

/* The unit that people mean by another word for it; NULL: it is none. */
static const char *unit_meant(const char *word)
{
    static const struct {
        const char *unit, *words;
    } known[] = {
        {"s", "s|sec|secs|second|seconds"},
        {"m", "m|min|mins|minute|minutes"},
        {"ms", "ms|msec|msecs|millis|millisecond|milliseconds"},
        {"us", "us|usec|usecs|\xc2\xb5s|microsecond|microseconds"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (words_among(word, known[i].words)) {
            return known[i].unit;
        }
    }
    return NULL;
}

/* Tells about a text that duration_parse() refuses, with a fix by what it looks like. */
static void duration_problem(struct walk *walk, const struct node *node, const char *name,
                             const char *range)
{
    const char *text = node->text;
    char hint[160];
    char number[24] = "";
    char one[40];
    int64_t ns;
    size_t digits = strspn(text, "0123456789.");
    const char *unit = text + digits + strspn(text + digits, " ");
    const char *what = "must be a time with a unit";

    if (digits < sizeof number) {
        memcpy(number, text, digits);
    }
    snprintf(one, sizeof one, "1%.30s", unit);
    snprintf(hint, sizeof hint, "write %s", range);
    if (digits > 0 && *unit == '\0') {
        what = "needs a unit";
        if (is_decimal(number)) {
            snprintf(hint, sizeof hint, "write %ss or %sms", number, number);
        }
    } else if (is_decimal(number) && strcmp(unit, "h") == 0 && strlen(number) < 6) {
        snprintf(hint, sizeof hint, "write %gm", strtod(number, NULL) * 60);
    } else if (digits > 0 && duration_parse(one, &ns)) {
        bool fine =
            is_decimal(number) && strtod(number, NULL) * (double)ns < (double)(24 * NS_PER_H);
        if (unit > text + digits && is_decimal(number)) {
            snprintf(hint, sizeof hint, "write %s%s, without the blank", number, unit);
        } else {
            what = fine ? "is finer than nanoseconds" : "is out of bounds";
        }
    } else if (is_decimal(number) && unit_meant(unit)) {
        snprintf(hint, sizeof hint, "write %s%s", number, unit_meant(unit));
    }
    walk_problem(walk, node, hint, "%s %s", name, what);
}

/* "1.5 x lease": so many times the lock's time to live, which is a leader's lease where the lock
 * is held for as long as one leads. Only in a fault. */
static bool is_relative(const struct walk *walk, const char *text)
{
    const char *unit = text + strspn(text, "0123456789.");
    return walk->entry[0] != '\0' && unit > text && strcmp(unit, " x lease") == 0;
}

/* Tells what is wrong with one, or sets *ns. */
static bool read_relative(struct walk *walk, const struct node *node, const char *name, int64_t *ns)
{
    char thousandths[32];
    int64_t times = 0;
    int64_t lease_ns = settings_value(&walk->scenario->settings, OWNER_LOCK, "ttl", 0);
    assert(is_relative(walk, node->text));
    if (lease_ns == 0) {
        walk_problem(walk, node, "write a time such as 2s", "%s counts in leases, and %s", name,
                     "the lock has no time to live");
        return false;
    }
    size_t digits = strcspn(node->text, " ");
    snprintf(thousandths, sizeof thousandths, "%.*sus", (int)(digits < 24 ? digits : 24),
             node->text);
    if (!duration_parse(thousandths, &times) || times > 1000000) {
        walk_problem(walk, node, "write up to 1000 x lease, with three decimals at most",
                     "%s is no such number of leases", name);
        return false;
    }
    *ns = lease_ns / 1000 * times;
    return true;
}

bool read_duration(struct walk *walk, const struct node *node, const char *name, int64_t low,
                   int64_t high, const char *zero_word, int64_t *out)
{
    char from[32];
    char to[32];
    char range[100];
    const char *text = scalar_text(walk, node, "a time such as 2s or 500ms");
    if (!text) {
        return false;
    }
    if (zero_word && strcmp(text, zero_word) == 0) {
        *out = 0;
        return true;
    }
    int64_t ns = 0;
    bool is_0 = text[strspn(text, "0")] == '\0'; /* whatever its unit would be */
    snprintf(range, sizeof range, "%s to %s%s%s (units: us, ms, s, m)",
             duration_text(low, from, sizeof from), duration_text(high, to, sizeof to),
             zero_word ? ", or " : "", zero_word ? zero_word : "");
    if (is_relative(walk, text)) {
        if (!read_relative(walk, node, name, &ns)) {
            return false;
        }
    } else if (!duration_parse(text, &ns) && !(is_0 && low > 0)) {
        duration_problem(walk, node, name, range);
        return false;
    }
    if (ns < low || ns > high) {
        char hint[120];
        snprintf(hint, sizeof hint, "write %s", range);
        walk_problem(walk, node, hint, "%s is out of bounds", name);
        return false;
    }
    *out = ns;
    return true;
}

/* A duration that may be negative: by how much a clock is set forward, or with a minus back. */
bool read_shift(struct walk *walk, const struct node *node, const char *name, int64_t *out)
{
    const char *text = scalar_text(walk, node, "a time such as 2s or -2s");
    if (!text) {
        return false;
    }
    if (text[0] != '-') {
        return read_duration(walk, node, name, NS_PER_US, 24 * NS_PER_H, NULL, out);
    }
    bool parsed = duration_parse(text + 1, out);
    if (!parsed || *out < NS_PER_US) {
        walk_problem(walk, node, "write -1440m to -1us (units: us, ms, s, m)", "%s %s", name,
                     parsed ? "is out of bounds" : "must be a time with a unit");
        return false;
    }
    *out = -*out;
    return true;
}

/* --- words ------------------------------------------------------------------------------------ */

bool read_word(struct walk *walk, const struct node *node, const struct vocabulary *words, int *out)
{
    char hint[160];
    const char *text = scalar_text(walk, node, words_list(words, hint, sizeof hint));
    if (!text) {
        return false;
    }
    *out = words_find(words, text);
    if (*out < 0) {
        borrowed_suggest(IN_VALUES, words, text, hint, sizeof hint);
        walk_problem(walk, node, hint, "is not %s", words->what);
    }
    return *out >= 0;
}

bool read_flag(struct walk *walk, const struct node *node, const char *name, bool *out)
{
    const char *text = scalar_text(walk, node, "true or false");
    if (!text) {
        return false;
    }
    int value = node->plain ? words_find(&words_flags, text) : -1;
    if (value < 0) {
        const char *near = words_nearest(&words_flags, text);
        const char *meant = words_among(text, "yes|on|y|1")   ? "true"
                            : words_among(text, "no|off|n|0") ? "false"
                                                              : near;
        char hint[60];
        snprintf(hint, sizeof hint, "write %s", meant ? meant : "true or false");
        walk_problem(walk, node, hint, "%s must be true or false", name);
    }
    *out = value > 0;
    return value >= 0;
}

/* --- processes -------------------------------------------------------------------------------- */

bool read_process(struct walk *walk, const struct node *node, uint16_t *out)
{
    char hint[160];
    const struct settings *settings = &walk->scenario->settings;
    bool has_master = protocol_has_master(settings);
    const char *text =
        scalar_text(walk, node, has_master ? "a node's number, or master" : "a node's number");
    if (!text) {
        return false;
    }
    unsigned nodes = walk->nodes_known ? settings->nodes : NODE_ID_MAX;
    if (!has_master && (strcmp(text, "master") == 0 || strcmp(text, "0") == 0)) {
        snprintf(hint, sizeof hint, "name a node, 1 to %u", nodes);
        walk_problem(walk, node, hint, "the protocol %s has no master",
                     owner_row_name(OWNER_PROTOCOL, settings->row[OWNER_PROTOCOL]));
        return false;
    }
    if (strcmp(text, "master") == 0) {
        *out = MASTER_ID;
        return true;
    }
    if (!is_number(text) || !node->plain) {
        snprintf(hint, sizeof hint, "write 1 to %u%s", nodes, has_master ? ", or master" : "");
        walk_problem(walk, node, is_number(text) ? "leave the quotes away" : hint, "is no process");
        return false;
    }
    unsigned long id = strlen(text) > 5 ? NODE_ID_MAX + 1 : strtoul(text, NULL, 10);
    if (id > nodes) {
        if (walk->nodes_known) {
            snprintf(hint, sizeof hint, "the nodes are 1 to %u; or raise nodes:", nodes);
        } else {
            snprintf(hint, sizeof hint, "nodes are 1 to %u", nodes);
        }
        walk_problem(walk, node, hint, "there is no node %.20s", text);
        return false;
    }
    *out = (uint16_t)id;
    return true;
}
