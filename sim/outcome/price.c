/* The price of a split brain in words. See price.h. */
#include "sim/outcome/price.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "sim/history/text.h"
#include "src/protocol.h"

static bool has_leaders(const struct scenario *scenario)
{
    assert(scenario->settings.nodes > 0);
    return protocol_all_moments(&scenario->settings) & 1u << MOMENT_LEADS;
}

void price_take(struct price_sum *sum, const struct scenario *scenario,
                const struct outcome *outcome)
{
    if (scenario->settings.work_every_ns == 0) {
        return;
    }
    int64_t ns = has_leaders(scenario) ? outcome->two_leaders_ns : outcome->two_lock_holders_ns;
    assert(ns >= 0);
    sum->trials++;
    sum->overlap_ns += ns;
    sum->overlaps += ns > 0;
    sum->work.accepted += outcome->work.accepted;
    sum->work.rejected += outcome->work.rejected;
    sum->work.stale += outcome->work.stale;
    sum->work.late += outcome->work.late;
}

/* A sentence that grows; what does not fit is left out. */
struct sentence {
    char *text;
    size_t used;
};

static void say(struct sentence *sentence, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say(struct sentence *sentence, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length =
        vsnprintf(sentence->text + sentence->used, PRICE_SIZE - sentence->used, format, arguments);
    va_end(arguments);
    assert(length >= 0);
    sentence->used += (size_t)length;
    sentence->used = sentence->used < PRICE_SIZE ? sentence->used : PRICE_SIZE - 1;
}

static void say_overlap(struct sentence *sentence, const struct price_sum *price, const char *who)
{
    if (price->overlaps == 0) {
        say(sentence, "Never 2 %s at once, by their own words", who);
        return;
    }
    say(sentence, "2 %s at once for %s", who, text_ms(price->overlap_ns).text);
    if (price->trials > 1) {
        say(sentence, " in all, in %s of %s trials", text_count(price->overlaps).text,
            text_count(price->trials).text);
    }
}

static void say_writes(struct sentence *sentence, uint64_t count, const char *kind,
                       const char *what)
{
    if (count > 0) {
        say(sentence, "; %s %s%s %s", text_count(count).text, kind, count == 1 ? "write" : "writes",
            what);
    }
}

bool price_sentence(const struct scenario *scenario, const struct price_sum *sum,
                    char out[PRICE_SIZE])
{
    const struct work_count *work = &sum->work;
    struct sentence sentence = {.text = out};
    if (scenario->settings.work_every_ns == 0) {
        return false;
    }
    say_overlap(&sentence, sum, has_leaders(scenario) ? "leaders" : "lock holders");
    say_writes(&sentence, work->stale, "stale ", "got through");
    say_writes(&sentence, work->rejected, "stale ",
               work->rejected == 1 ? "was rejected" : "were rejected");
    say_writes(&sentence, work->late, "late ", "came before the newer one's first");
    if (work->stale + work->rejected + work->late == 0) {
        say(&sentence, "; none of %s writes was stale", text_count(work->accepted).text);
    }
    say(&sentence, ".");
    return true;
}
