/* Which commands may write the lock's key, of those that nobody knows. What is in neither table may
 * write the key that it names first, and no other.
 *
 * How to add one: a name in one of the tables, a line in tests/unit/wild/test_obscure.c. */
#include "sim/resp/keys.h"
#include "sim/wild/commands.h"

/* They write no key; or, as MOVE does not, none that is a lock's afterwards. */
static const char *const readers[] = {
    "EXISTS",      "TTL",         "PTTL",     "EXPIRETIME", "PEXPIRETIME",   "TYPE",
    "STRLEN",      "GETRANGE",    "SUBSTR",   "MGET",       "OBJECT",        "MEMORY",
    "DUMP",        "WATCH",       "TOUCH",    "GETBIT",     "BITCOUNT",      "BITPOS",
    "BITFIELD_RO", "HGET",        "HMGET",    "HGETALL",    "HEXISTS",       "HKEYS",
    "HVALS",       "HLEN",        "HSTRLEN",  "HSCAN",      "LRANGE",        "LLEN",
    "LINDEX",      "LPOS",        "SMEMBERS", "SISMEMBER",  "SMISMEMBER",    "SCARD",
    "SSCAN",       "SRANDMEMBER", "ZSCORE",   "ZMSCORE",    "ZRANGE",        "ZRANK",
    "ZREVRANK",    "ZCARD",       "ZCOUNT",   "ZSCAN",      "ZRANGEBYSCORE", "ZREVRANGE",
    "XRANGE",      "XREVRANGE",   "XLEN",     "XREAD",      "XINFO",         "LCS",
    "SORT_RO",     "SUBSCRIBE",   "PUBLISH",  "SSUBSCRIBE", "SPUBLISH",      "SUNSUBSCRIBE",
    "DEBUG",
};

/* Any of their words may be a key that they write. */
static const char *const writers[] = {
    "MSET",       "MSETNX", "RENAME", "RENAMENX", "COPY",    "LMOVE",     "BLMOVE", "RPOPLPUSH",
    "BRPOPLPUSH", "SMOVE",  "SORT",   "BITOP",    "MIGRATE", "BLPOP",     "BRPOP",  "BZPOPMIN",
    "BZPOPMAX",   "LMPOP",  "BLMPOP", "ZMPOP",    "BZMPOP",  "GEORADIUS",
};

static bool is_one_of(const struct resp_item *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (resp_says(name, names[i])) {
            return true;
        }
    }
    return false;
}

bool command_can_write(const struct resp_message *command, const struct lock_key *key)
{
    const struct resp_item *name = &command->items[0];
    const struct resp_item *first = resp_first_key(command);
    if (is_one_of(name, readers, sizeof readers / sizeof *readers)) {
        return false;
    }
    return is_one_of(name, writers, sizeof writers / sizeof *writers) ||
           (first && resp_is(first, key->text, key->size));
}
