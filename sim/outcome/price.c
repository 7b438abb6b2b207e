/* The price of a split brain in words. See price.h. */
#include "sim/outcome/price.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "sim/history/text.h"
#include "src/protocol.h"

void price_take(struct price_sum *sum, const struct scenario *scenario,
                const struct outcome *outcome)
{
    if (scenario->settings.work_every_ns == 0) {
        return;
    }
    bool leaders = protocol_has_leaders(&scenario->settings);
    int64_t ns = leaders ? outcome->two_leaders_ns : outcome->two_lock_holders_ns;
    assert(ns >= 0);
    sum->trials++;
    sum->overlap_ns += ns;
    sum->overlaps += ns > 0;
    sum->work.accepted += outcome->work.accepted;
    sum->work.rejected += outcome->work.rejected;
    sum->work.rejected_stale += outcome->work.rejected_stale;
    sum->work.rejected_newest += outcome->work.rejected_newest;
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
        say(sentence, "Never 2 %ss at once, by their own words", who);
        return;
    }
    say(sentence, "2 %ss at once for %s", who, text_ms(price->overlap_ns).text);
    if (price->trials > 1) {
        say(sentence, " in all, in %s of %s trials", text_count(price->overlaps).text,
            text_count(price->trials).text);
    }
}

/* "; 3 stale writes": the beginning of a part; whether there are any. */
static bool say_writes(struct sentence *sentence, uint64_t count, const char *kind)
{
    if (count > 0) {
        say(sentence, "; %s %s%s", text_count(count).text, kind, count == 1 ? "write" : "writes");
    }
    return count > 0;
}

/* Those that are not stale are no success of fencing, but its failure. */
static void say_rejected(struct sentence *sentence, const struct work_count *work, const char *who)
{
    uint64_t stale = work->rejected_stale, newest = work->rejected_newest;
    assert(stale + newest <= work->rejected);
    uint64_t unclear = work->rejected - stale - newest;
    if (say_writes(sentence, stale, "stale ")) {
        say(sentence, " %s rejected", stale == 1 ? "was" : "were");
    }
    if (say_writes(sentence, newest, "")) {
        say(sentence, " of the newest %s %s rejected: the fencing numbers went back", who,
            newest == 1 ? "was" : "were");
    }
    if (say_writes(sentence, unclear, "")) {
        say(sentence, " %s rejected, and it cannot be known whether %s stale",
            unclear == 1 ? "was" : "were", unclear == 1 ? "it was" : "they were");
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
    const char *who = protocol_has_leaders(&scenario->settings) ? "leader" : "lock holder";
    say_overlap(&sentence, sum, who);
    if (say_writes(&sentence, work->stale, "stale ")) {
        say(&sentence, " got through");
    }
    say_rejected(&sentence, work, who);
    if (say_writes(&sentence, work->late, "late ")) {
        say(&sentence, ": an older %s's, accepted before the newer %s had written", who, who);
    }
    if (work->stale + work->rejected + work->late == 0) {
        say(&sentence, "; none of %s writes was stale", text_count(work->accepted).text);
    }
    say(&sentence, ".");
    return true;
}
