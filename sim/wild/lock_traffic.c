/* What a stranger's commands mean to the lock. See lock_traffic.h. */
#include "sim/wild/lock_traffic.h"

#include <assert.h>
#include <string.h>

#include "sim/resp/keys.h"
#include "sim/wild/commands.h"

/* --- commands --------------------------------------------------------------------------------- */

static void name_it(const struct resp_message *command, char name[WILD_NAME])
{
    size_t used = 0;
    const struct resp_item *item = &command->items[0];
    for (; used < item->kept && used < WILD_NAME - 1; used++) {
        char c = item->text[used];
        if (c >= 'a' && c <= 'z') {
            c = (char)(c - 'a' + 'A');
        }
        bool plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("._-", c);
        name[used] = '?';
        if (plain && c != '\0') {
            name[used] = c;
        }
    }
    name[used] = '\0';
}

static void name_key(const struct resp_message *command, char key[WILD_KEY])
{
    const struct resp_item *item = resp_first_key(command);
    size_t used = 0;
    for (; item && used < item->kept && used < WILD_KEY - 1; used++) {
        unsigned char c = (unsigned char)item->text[used];
        key[used] = '?';
        if (c >= ' ' && c != 0x7f) {
            key[used] = (char)c;
        }
    }
    key[used] = '\0';
}

void wild_recognise(const struct resp_message *command, const char *key, size_t size,
                    struct scripts_learnt *learnt, struct wild_request *request)
{
    memset(request, 0, sizeof *request);
    if (command->count == 0) {
        return;
    }
    request->bytes = command->bytes < UINT32_MAX ? (uint32_t)command->bytes : UINT32_MAX;
    name_it(command, request->name);
    name_key(command, request->key);
    command_recognise(command, &(struct lock_key){key, size}, learnt, request);
    assert(request->kind < WILD_KINDS);
}

/* --- answers ---------------------------------------------------------------------------------- */

static bool says_yes(const struct wild_request *request, const struct resp_item *item,
                     const struct resp_item *first)
{
    switch ((enum yes)request->yes) {
    case YES_OK:
        return item->type == '+';
    case YES_NIL:
        return item->null;
    case YES_ALL:
        return item->type == ':' && item->number > 0 && item->number == (int64_t)request->keys;
    case YES_FIRST:
        return first && first->type == ':' && first->number == 1;
    case YES_NOT_NIL:
    case YES_UNTOLD:
        break;
    }
    bool number = item->type == ':' || item->type == '#';
    return !item->null && (!number || item->number > 0);
}

static void tell(struct wild_reply *reply, enum wild_effect effect, enum store_outcome outcome,
                 int64_t integer)
{
    reply->effect = (uint8_t)effect;
    reply->outcome = (uint8_t)outcome;
    reply->integer = integer;
}

/* GET. */
static void tell_value(const struct resp_item *item, struct wild_reply *reply)
{
    if (item->null) {
        tell(reply, WILD_ABSENT, STORE_NIL, 0);
    } else if (strchr("$=+", item->type)) {
        tell(reply, WILD_SAW, STORE_OK, 0);
        reply->token = wild_token(item);
    } else {
        tell(reply, WILD_NOTHING, STORE_UNREADABLE, 0);
    }
}

/* Whether what was done cannot be told from the answer. DEL with several keys: some of them were
 * there, who knows which. EXPIRE with NX: it had a time already, or there was none. */
static bool is_untold(const struct wild_request *request, const struct resp_item *item)
{
    bool some = request->op == STORE_DELETE && item->type == ':' && item->number > 0 &&
                item->number < (int64_t)request->keys;
    return some || request->yes == YES_UNTOLD ||
           (request->no_untold && !says_yes(request, item, NULL));
}

/* Of what is like no operation. */
static enum wild_effect effect_of(const struct wild_request *request, const struct resp_item *item,
                                  const struct resp_item *first)
{
    if (request->kind != WILD_COMMAND || request->means == MEANS_NOTHING) {
        return WILD_NOTHING;
    }
    bool yes = says_yes(request, item, first);
    if (request->means == MEANS_TAKES) {
        return yes ? WILD_TOOK : WILD_NOTHING;
    }
    return yes ? WILD_KEPT : WILD_LOST;
}

void wild_answer(const struct wild_request *request, const struct resp_item *item,
                 const struct resp_item *first, struct wild_reply *reply)
{
    memset(reply, 0, sizeof *reply);
    if (!item || resp_is_error(item)) {
        tell(reply, WILD_REFUSED, STORE_REFUSED, 0);
        return;
    }
    if (request->kind != WILD_LOCK) {
        tell(reply, effect_of(request, item, first), item->null ? STORE_NIL : STORE_OK, 0);
        return;
    }
    if (is_untold(request, item)) {
        tell(reply, WILD_NOTHING, STORE_UNKNOWN, 0);
        return;
    }
    bool yes = says_yes(request, item, first);
    switch (request->op) {
    case STORE_PUT_IF_ABSENT:
        tell(reply, yes ? WILD_TOOK : WILD_BUSY, yes ? STORE_OK : STORE_NIL, 0);
        return;
    case STORE_EXTEND_IF_EQUAL:
    case STORE_EXPIRE:
        tell(reply, yes ? WILD_KEPT : WILD_LOST, STORE_OK, yes);
        return;
    case STORE_DELETE:
    case STORE_DELETE_IF_EQUAL:
        tell(reply, yes ? WILD_RELEASED : WILD_NOT_OURS, STORE_OK, yes);
        return;
    default:
        assert(request->op == STORE_GET_TOKEN);
        tell_value(item, reply);
        return;
    }
}
