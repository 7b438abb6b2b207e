/* A stranger's connection. See talk.h. */
#include "sim/wild/talk.h"

#include <assert.h>
#include <string.h>

void talk_begin(struct talk *talk, const char *key, struct talk_shared *shared)
{
    assert(key && talk->multi == 0);
    talk->key = key;
    talk->key_size = strlen(key);
    talk->shared = shared;
}

struct talk_asked *talk_find(struct talk *talk, uint64_t number)
{
    struct talk_asked *asked = &talk->asked[number % TALK_OPEN];
    assert(number > 0);
    return asked->number == number ? asked : NULL;
}

/* MULTI puts off what comes, EXEC does it, and DISCARD does not. */
static void mind_multi(struct talk *talk, struct talk_asked *asked)
{
    const char *name = asked->request.name;
    asked->from = asked->number;
    if (strcmp(name, "MULTI") == 0) {
        talk->multi = talk->multi ? talk->multi : asked->number;
    } else if (talk->multi && strcmp(name, "EXEC") == 0) {
        asked->from = talk->multi;
        talk->multi = 0;
    } else if (strcmp(name, "DISCARD") == 0 || strcmp(name, "RESET") == 0) {
        talk->multi = 0;
    } else if (talk->multi) {
        asked->from = asked->number + 1;
    }
}

struct talk_asked *talk_command(struct talk *talk, const struct resp_message *command,
                                uint64_t number, bool answered)
{
    struct talk_asked *asked = &talk->asked[number % TALK_OPEN];
    assert(number > 0);
    talk->missed = asked->open ? asked->number : talk->missed;
    asked->number = number;
    asked->tag = 0;
    wild_recognise(command, talk->key, talk->key_size, &talk->shared->learnt, &asked->request);
    if (command->count > 0) {
        database_sent(&talk->database, command, &asked->request, talk->multi > 0);
        if (!answered) { /* whether it is refused, nobody will know */
            database_refused(&talk->database, &asked->request, number);
        }
        database_place(&talk->database, &talk->shared->lock, &asked->request, number);
    }
    asked->open = asked->request.kind == WILD_LOCK || asked->request.means != MEANS_NOTHING;
    mind_multi(talk, asked);
    if (!asked->request.obscure && !answered && wild_takes(&asked->request)) {
        asked->request.obscure =
            "it asked for the lock and wanted no answer, so nobody knows whether it has it";
    }
    return asked;
}

/* What a command came to. `item` NULL: it was undone. */
static void reply_to(struct talk *talk, uint64_t number, const struct resp_item *item,
                     const struct resp_item *first, struct talk_reply *reply)
{
    struct talk_asked *asked = &talk->asked[number % TALK_OPEN];
    assert(number > 0);
    memset(reply, 0, sizeof *reply);
    reply->number = number;
    reply->forgotten = asked->number != number;
    reply->missed = reply->forgotten && number <= talk->missed;
    if (!reply->forgotten) {
        asked->open = false;
        reply->request = asked->request;
        reply->tag = asked->tag;
    }
    wild_answer(&reply->request, item, first, &reply->reply);
    if (reply->reply.effect == WILD_REFUSED &&
        database_refused(&talk->database, &reply->request, number)) {
        reply->obscure = "it went on before its SELECT or RESET was refused, and nobody can tell "
                         "in which database";
    }
}

/* What came to those of a MULTI that are not told of one by one: of them all, if one of them was
 * about the lock. */
static uint32_t reply_to_rest(struct talk *talk, uint64_t from, uint64_t exec,
                              struct talk_reply *reply)
{
    *reply = (struct talk_reply){.number = from, .forgotten = true};
    for (uint64_t number = from; number < exec; number++) {
        struct talk_asked *asked = &talk->asked[number % TALK_OPEN];
        bool known = asked->number == number;
        reply->missed = reply->missed || (known ? asked->open : number <= talk->missed);
        asked->open = asked->open && !known;
    }
    assert(from > 0);
    return reply->missed;
}

/* What EXEC tells of those before it. */
static uint32_t reply_to_queued(struct talk *talk, const struct resp_message *answer,
                                const struct pairs *pairs, uint64_t exec,
                                struct talk_reply *replies)
{
    uint32_t told = pairs_executed(pairs, answer);
    uint32_t queued = pairs->queued < PAIRS_QUEUED ? pairs->queued : PAIRS_QUEUED;
    bool undone = resp_is_error(&answer->items[0]) || answer->items[0].null;
    uint32_t count = undone ? queued : told;
    for (uint32_t i = 0; i < count; i++) {
        const struct resp_item *item = undone ? NULL : &answer->items[1 + i];
        reply_to(talk, pairs->numbers[i], item, NULL, &replies[i]);
    }
    if (count == PAIRS_QUEUED && pairs->queued > count) {
        count += reply_to_rest(talk, pairs->numbers[count - 1] + 1, exec, &replies[count]);
    }
    return count;
}

uint32_t talk_answer(struct talk *talk, const struct resp_message *answer,
                     const struct pairs *pairs, const struct paired *paired,
                     struct talk_reply replies[TALK_REPLIES])
{
    uint32_t count = 0;
    if (paired->kind != PAIRS_ANSWER && paired->kind != PAIRS_EXEC) {
        return 0;
    }
    if (paired->kind == PAIRS_EXEC) {
        count = reply_to_queued(talk, answer, pairs, paired->number, replies);
    }
    const struct resp_item *first = answer->count > 1 ? &answer->items[1] : NULL;
    reply_to(talk, paired->number, &answer->items[0], first, &replies[count]);
    assert(count < TALK_REPLIES);
    return count + 1;
}
