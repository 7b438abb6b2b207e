/* What messages meet on a link. See channel.h. */
#include "sim/relay/channel.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/relay/refused.h"
#include "sim/resp/keys.h"

/* Commands that make a connection usable, not requests of a process's: they meet no fault that is
 * meant for one. */
bool meet_is_greeting(const struct resp_item *name)
{
    return name->size == strlen(name->text) && pattern_is_greeting(name->text);
}

/* A request by name. One of ours that sends a script's text sends the script; if it does so since
 * the server did not know the digest, that was counted already: it has no name then. */
void meet_name(struct channel *channel, const struct resp_message *command,
               struct command_name *named)
{
    const struct resp_item *key = resp_first_key(command);
    const char *prefix = channel->ear && channel->ear->prefix ? channel->ear->prefix : "";
    size_t length = strlen(prefix);
    bool text = !channel->tap && resp_says(&command->items[0], "EVAL");
    const char *name = text ? "EVALSHA" : command->items[0].text;
    snprintf(named->name, sizeof named->name, "%.15s", text && channel->resends ? "" : name);
    channel->resends = channel->resends && !text;
    named->key[0] = '\0';
    if (key) {
        bool behind = strncmp(key->text, prefix, length) == 0;
        snprintf(named->key, sizeof named->key, "%s", key->text + (behind ? length : 0));
    }
}

/* A request meets what lies in wait on its link. Returns until when it is held back: 0, not at all.
 * While the answer to another one is marked, none meets anything. */
int64_t meet_request(struct channel *channel, const struct command_name *named, uint64_t number,
                     char *bytes, size_t size, int64_t now_ns)
{
    assert(number > 0 && number <= channel->pairs.asked);
    if (channel->mark != LINK_HEAL || channel->flows[WAY_REPLIES].silent) {
        return 0;
    }
    const struct command_seen seen = {.name = named->name, .key = named->key};
    struct link_met met = link_faults_meet(channel->link_faults, &seen);
    if (met.fault == LINK_REFUSE && !refused_write(met.error, bytes, size)) {
        return 0; /* there is no room for that in its place */
    }
    if (met.by_command && channel->ear) {
        channel->ear->met(channel->ear->self, &met, &seen, now_ns);
    }
    if (met.fault == LINK_LATE) {
        return now_ns + met.late_ns;
    }
    if (met.fault == LINK_LOSE) {
        channel->flows[WAY_REQUESTS].silent = true;
    } else if (met.fault == LINK_RESET && !met.applied) {
        channel->broken = true;
    } else if (met.fault == LINK_LOSE_REPLY || met.fault == LINK_RESET) {
        channel->mark = met.fault;
        channel->met = met;
        channel->marked = number;
    }
    return 0;
}

static bool is_unknown_script(const struct resp_item *answer)
{
    static const char word[] = "NOSCRIPT";
    return answer->type == '-' && strncmp(answer->text, word, sizeof word - 1) == 0;
}

/* Whole replies come by here. False: this one is dropped. A lost one takes with it all that come
 * behind it: whoever has several requests under way would take the next answer for it. */
bool meet_reply(struct channel *channel, const struct paired *paired)
{
    struct link_faults *link_faults = channel->link_faults;
    uint8_t mark = channel->mark;
    bool unknown = is_unknown_script(&channel->flows[WAY_REPLIES].reader.message.items[0]);
    channel->resends = channel->resends || (unknown && !channel->tap);
    if (mark == LINK_HEAL || paired->number != channel->marked) {
        return true;
    }
    assert(mark == LINK_LOSE_REPLY || mark == LINK_RESET);
    channel->mark = LINK_HEAL;
    if (unknown) {
        /* Nothing was applied: the same request will come again, with its script. */
        link_faults_meet_again(link_faults, &channel->met);
        return true;
    }
    channel->broken = mark == LINK_RESET;
    channel->flows[WAY_REPLIES].silent = true;
    return false;
}

/* The answer to a command that was refused in the Redis's place gets the words of the error. False:
 * memory is out. */
bool meet_put_words(struct flow *flow)
{
    struct resp_item *answer = &flow->reader.message.items[0];
    char words[REFUSED_ERROR];
    size_t size = refused_answer(answer, words);
    if (size == 0) {
        return true;
    }
    flow->end -= flow->part;
    flow->part = 0;
    if (!flow_reserve_bytes(flow, size)) {
        return false;
    }
    memcpy(flow->bytes + flow->end, words, size);
    flow->end += size;
    flow->part = size;
    answer->size = size - 3;
    answer->kept = (uint8_t)snprintf(answer->text, sizeof answer->text, "%.16s", words + 1);
    return true;
}
