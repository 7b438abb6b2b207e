/* A stranger's connection. See talk.h. */
#include "sim/wild/talk.h"

#include <assert.h>
#include <string.h>

void talk_begin(struct talk *talk, const char *key, struct scripts_learnt *learnt)
{
    memset(talk, 0, sizeof *talk);
    talk->key = key;
    talk->key_size = strlen(key);
    talk->learnt = learnt;
}

struct talk_asked *talk_command(struct talk *talk, const struct resp_message *command,
                                uint64_t number)
{
    struct talk_asked *asked = &talk->asked[number % TALK_OPEN];
    assert(number > 0);
    asked->number = number;
    asked->tag = 0;
    wild_recognise(command, talk->key, talk->key_size, talk->learnt, &asked->request);
    return asked;
}

/* What a command came to. `item` NULL: it was undone. */
static void reply_to(const struct talk *talk, uint64_t number, const struct resp_item *item,
                     const struct resp_item *first, struct talk_reply *reply)
{
    const struct talk_asked *asked = &talk->asked[number % TALK_OPEN];
    assert(number > 0);
    memset(reply, 0, sizeof *reply);
    reply->number = number;
    reply->forgotten = asked->number != number;
    if (!reply->forgotten) {
        reply->request = asked->request;
        reply->tag = asked->tag;
    }
    wild_answer(&reply->request, item, first, &reply->reply);
}

/* What EXEC tells of those before it. */
static uint32_t reply_to_queued(const struct talk *talk, const struct resp_message *answer,
                                const struct pairs *pairs, struct talk_reply *replies)
{
    uint32_t told = pairs_executed(pairs, answer);
    uint32_t queued = pairs->queued < PAIRS_QUEUED ? pairs->queued : PAIRS_QUEUED;
    bool undone = resp_is_error(&answer->items[0]) || answer->items[0].null;
    uint32_t count = undone ? queued : told;
    for (uint32_t i = 0; i < count; i++) {
        const struct resp_item *item = undone ? NULL : &answer->items[1 + i];
        reply_to(talk, pairs->numbers[i], item, NULL, &replies[i]);
    }
    return count;
}

uint32_t talk_answer(const struct talk *talk, const struct resp_message *answer,
                     const struct pairs *pairs, const struct paired *paired,
                     struct talk_reply replies[TALK_REPLIES])
{
    uint32_t count = 0;
    if (paired->kind != PAIRS_ANSWER && paired->kind != PAIRS_EXEC) {
        return 0;
    }
    if (paired->kind == PAIRS_EXEC) {
        count = reply_to_queued(talk, answer, pairs, replies);
    }
    const struct resp_item *first = answer->count > 1 ? &answer->items[1] : NULL;
    reply_to(talk, paired->number, &answer->items[0], first, &replies[count]);
    assert(count < TALK_REPLIES);
    return count + 1;
}
