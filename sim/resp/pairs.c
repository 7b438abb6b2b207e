/* Pairs. See pairs.h. */
#include "sim/resp/pairs.h"

#include <assert.h>
#include <string.h>

#include "sim/resp/roles.h"

/* How many answers are to come is not known before the first does. */
#define AS_SUBSCRIBED UINT64_MAX

void pairs_begin(struct pairs *pairs)
{
    memset(pairs, 0, sizeof *pairs);
    pairs->protocol = 2;
}

void pairs_lose(struct pairs *pairs, enum pairs_lost why)
{
    assert(why > PAIRS_FOLLOWS && why < PAIRS_LOST);
    if (!pairs->lost) {
        pairs->lost = (uint8_t)why;
    }
}

const char *pairs_why(uint8_t lost)
{
    static const char *const words[PAIRS_LOST] = {
        [PAIRS_FOLLOWS] = "it can",
        [PAIRS_SYNC] = "it is a replica's",
        [PAIRS_TOO_MANY] = "too many commands of many kinds wait for an answer",
        [PAIRS_NOT_ASKED] = "an answer came, and no command had been sent for it",
        [PAIRS_UNFORESEEN] = "CLIENT REPLY or SUBSCRIBE was used with MULTI and EXEC",
        [PAIRS_NO_RESP] = "what was sent is not Redis's protocol",
    };
    assert(lost < PAIRS_LOST);
    return words[lost];
}

/* --- commands --------------------------------------------------------------------------------- */

static struct pairs_run *head_of(struct pairs *pairs)
{
    return pairs->count > 0 ? &pairs->runs[pairs->first] : NULL;
}

static bool await(struct pairs *pairs, enum role role, uint8_t detail, uint64_t expected)
{
    uint32_t last = (pairs->first + pairs->count + PAIRS_RUNS - 1) % PAIRS_RUNS;
    struct pairs_run *run = &pairs->runs[last];
    bool follows = pairs->count > 0 && run->role == ROLE_PLAIN && role == ROLE_PLAIN &&
                   run->number + run->expected == pairs->asked;
    if (follows) {
        run->expected++;
        return true;
    }
    if (pairs->count == PAIRS_RUNS) {
        pairs_lose(pairs, PAIRS_TOO_MANY);
        return false;
    }
    run = &pairs->runs[(last + 1) % PAIRS_RUNS];
    pairs->count++;
    *run = (struct pairs_run){
        .number = pairs->asked, .expected = expected, .role = (uint8_t)role, .detail = detail};
    return true;
}

/* CLIENT REPLY, and whether this command is answered by what it was before. */
static bool mind_reply(struct pairs *pairs, enum role role)
{
    bool silent = pairs->off || pairs->skips;
    pairs->skips = false;
    switch (role) {
    case ROLE_REPLY_ON:
    case ROLE_RESET:
        pairs->off = false;
        return true;
    case ROLE_REPLY_OFF:
        pairs->off = true;
        return false;
    case ROLE_REPLY_SKIP:
        pairs->skips = !pairs->off;
        return false;
    case ROLE_SUBSCRIBES: /* what tells of channels is no reply to a server */
    case ROLE_UNSUBSCRIBES:
        return true;
    default:
        return !silent;
    }
}

/* What is between MULTI and EXEC, as far as the client has gone. */
static void mind_multi(struct pairs *pairs, enum role role)
{
    switch (role) {
    case ROLE_MULTI:
        pairs->opened = true;
        return;
    case ROLE_EXEC:
    case ROLE_DISCARD:
    case ROLE_RESET:
        pairs->opened = false;
        return;
    case ROLE_SUBSCRIBES:
    case ROLE_UNSUBSCRIBES:
    case ROLE_REPLY_ON:
    case ROLE_REPLY_OFF:
    case ROLE_REPLY_SKIP:
        if (pairs->opened) {
            pairs_lose(pairs, PAIRS_UNFORESEEN);
        }
        return;
    default:
        return;
    }
}

static uint64_t expected_of(enum role role, const struct resp_message *command)
{
    if (role == ROLE_UNSUBSCRIBES && command->values == 1) {
        return AS_SUBSCRIBED;
    }
    bool channels = role == ROLE_SUBSCRIBES || role == ROLE_UNSUBSCRIBES;
    return channels && command->values > 1 ? command->values - 1 : 1;
}

bool pairs_command(struct pairs *pairs, const struct resp_message *command)
{
    uint8_t detail;
    enum role role = role_of_command(command, &detail);
    pairs->asked++;
    if (pairs->lost || pairs->over) {
        return false;
    }
    if (pairs->skips && (role == ROLE_MULTI || role == ROLE_EXEC || role == ROLE_DISCARD)) {
        pairs_lose(pairs, PAIRS_UNFORESEEN); /* whether it was done is not told */
    }
    bool answered = mind_reply(pairs, role);
    mind_multi(pairs, role);
    if (role == ROLE_SYNC) {
        pairs_lose(pairs, PAIRS_SYNC);
    }
    pairs->over = role == ROLE_QUIT;
    if (role == ROLE_HELLO && !answered && detail) {
        pairs->protocol = detail;
    }
    if (role == ROLE_NOTHING || role == ROLE_UNANSWERED || !answered || pairs->lost) {
        return false;
    }
    return await(pairs, role, detail, expected_of(role, command));
}

/* --- answers ---------------------------------------------------------------------------------- */

/* How a list begins; NULL: it is none, or begins with no text. */
static const struct resp_item *first_word(const struct resp_message *answer)
{
    char top = answer->items[0].type;
    bool list = (top == '*' || top == '>') && answer->count > 1;
    return list && strchr("$+", answer->items[1].type) ? &answer->items[1] : NULL;
}

static bool is_monitored(const struct resp_item *line)
{
    return line->type == '+' && line->kept > 0 && line->text[0] >= '0' && line->text[0] <= '9';
}

/* Whether it answers the command whose turn it is, and not none. */
static bool is_push(const struct pairs *pairs, const struct pairs_run *head,
                    const struct resp_message *answer)
{
    const struct resp_item *word = first_word(answer);
    bool channels = head && (head->role == ROLE_SUBSCRIBES || head->role == ROLE_UNSUBSCRIBES);
    bool listens = pairs->subscribed[0] + pairs->subscribed[1] + pairs->subscribed[2] > 0;
    if (answer->items[0].type == '>') {
        return !(word && channels && role_confirms(head->role, head->detail, word));
    }
    if (pairs->monitors && is_monitored(&answer->items[0])) {
        return true;
    }
    if (!listens || pairs->protocol != 2 || !word) {
        return false;
    }
    /* A server takes a client off a shard's channel by itself. */
    return role_is_message(word) ||
           (role_confirms(ROLE_UNSUBSCRIBES, SHARDS, word) &&
            !(channels && head->role == ROLE_UNSUBSCRIBES && head->detail == SHARDS));
}

/* One that tells of a channel: the server says how many there are now, of channels and patterns
 * together. */
static void count_channels(struct pairs *pairs, uint8_t channels, const struct resp_message *answer)
{
    const struct resp_item *told = &answer->items[3];
    if (answer->count < 4 || told->type != ':' || told->number < 0 || told->number > UINT32_MAX) {
        return;
    }
    uint32_t total = (uint32_t)told->number;
    uint32_t others = channels == SHARDS ? 0 : pairs->subscribed[1 - channels];
    pairs->subscribed[channels] = total > others ? total - others : 0;
}

/* The answer is of its head: one fewer is to come. True: it was the last. */
static bool count_down(struct pairs *pairs, struct pairs_run *head)
{
    assert(head->expected > 0);
    bool run = head->role == ROLE_PLAIN;
    head->number += run;
    if (--head->expected == 0) {
        pairs->first = (pairs->first + 1) % PAIRS_RUNS;
        pairs->count--;
        return true;
    }
    return run;
}

static enum pairs_kind answer_channels(struct pairs *pairs, struct pairs_run *head,
                                       const struct resp_message *answer)
{
    const struct resp_item *word = first_word(answer);
    if (!word || !role_confirms(head->role, head->detail, word)) {
        head->expected = 1; /* it was refused */
    } else {
        if (head->expected == AS_SUBSCRIBED) {
            uint32_t all = pairs->subscribed[head->detail];
            head->expected = all > 1 ? all : 1;
        }
        count_channels(pairs, head->detail, answer);
    }
    return count_down(pairs, head) ? PAIRS_ANSWER : PAIRS_PART;
}

/* Back to how a connection begins. */
static void reset(struct pairs *pairs)
{
    pairs->protocol = 2;
    pairs->monitors = false;
    pairs->multi = false;
    memset(pairs->subscribed, 0, sizeof pairs->subscribed);
}

/* What its answer changes. */
static enum pairs_kind answer_role(struct pairs *pairs, enum role role, uint8_t detail,
                                   const struct resp_message *answer)
{
    bool refused = resp_is_error(&answer->items[0]);
    bool multi = pairs->multi;
    switch (role) {
    case ROLE_EXEC:
        pairs->multi = false;
        return multi ? PAIRS_EXEC : PAIRS_ANSWER;
    case ROLE_MULTI:
        if (!refused) {
            pairs->multi = true;
            pairs->queued = 0;
        }
        return PAIRS_ANSWER;
    case ROLE_DISCARD:
        pairs->multi = multi && refused;
        return PAIRS_ANSWER;
    case ROLE_RESET:
        if (!refused) {
            reset(pairs);
        }
        return PAIRS_ANSWER;
    case ROLE_HELLO:
        pairs->protocol = refused || !detail ? pairs->protocol : detail;
        return PAIRS_ANSWER;
    case ROLE_MONITOR:
        pairs->monitors = pairs->monitors || !refused;
        return PAIRS_ANSWER;
    default:
        return PAIRS_ANSWER;
    }
}

static void put_off(struct pairs *pairs, uint64_t number)
{
    if (pairs->queued < PAIRS_QUEUED) {
        pairs->numbers[pairs->queued] = number;
    }
    pairs->queued++;
}

struct paired pairs_answer(struct pairs *pairs, const struct resp_message *answer)
{
    struct pairs_run *head = head_of(pairs);
    if (pairs->lost || answer->count == 0) {
        return (struct paired){.kind = PAIRS_UNKNOWN};
    }
    if (is_push(pairs, head, answer)) {
        return (struct paired){.kind = PAIRS_PUSH};
    }
    if (!head) {
        pairs_lose(pairs, PAIRS_NOT_ASKED);
        return (struct paired){.kind = PAIRS_UNKNOWN};
    }
    struct paired paired = {.number = head->number};
    enum role role = head->role;
    uint8_t detail = head->detail;
    if (pairs->multi && answer->items[0].type == '+' && resp_says(&answer->items[0], "QUEUED")) {
        put_off(pairs, head->number);
        count_down(pairs, head);
        paired.kind = PAIRS_WAITS;
    } else if (role == ROLE_SUBSCRIBES || role == ROLE_UNSUBSCRIBES) {
        paired.kind = (uint8_t)answer_channels(pairs, head, answer);
    } else {
        count_down(pairs, head);
        paired.kind = (uint8_t)answer_role(pairs, role, detail, answer);
    }
    return paired;
}

uint32_t pairs_executed(const struct pairs *pairs, const struct resp_message *answer)
{
    const struct resp_item *top = &answer->items[0];
    if (answer->count == 0 || top->type != '*' || top->null) {
        return 0;
    }
    uint32_t told = answer->count - 1;
    uint32_t kept = pairs->queued < PAIRS_QUEUED ? pairs->queued : PAIRS_QUEUED;
    return told < kept ? told : kept;
}
