/* What a command is made of: its keys, a token, a TTL. See commands.h. */
#include "sim/wild/commands.h"

bool command_is_key(const struct resp_message *command, uint32_t at, const struct lock_key *key)
{
    return at < command->count && resp_is(&command->items[at], key->text, key->size);
}

bool command_names_key(const struct resp_message *command, uint32_t from,
                       const struct lock_key *key)
{
    for (uint32_t i = from; i < command->count; i++) {
        if (command_is_key(command, i, key)) {
            return true;
        }
    }
    return command->beyond;
}

void command_is_like(struct wild_request *request, uint8_t op, uint8_t yes, uint32_t keys)
{
    request->kind = WILD_LOCK;
    request->op = op;
    request->yes = yes;
    request->keys = keys;
}

void command_take_token(struct wild_request *request, const struct resp_item *item)
{
    request->has_token = true;
    request->token = wild_token(item);
}

/* So many units of `unit_ms`; what is no number a server refuses. */
uint32_t command_ttl_of(const struct resp_item *item, uint32_t unit_ms)
{
    int64_t number;
    if (!resp_number(item, &number) || number < 0 || number >= WILD_TTL_UNKNOWN / unit_ms) {
        return WILD_TTL_UNKNOWN;
    }
    return (uint32_t)number * unit_ms;
}
