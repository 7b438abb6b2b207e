/* The keys of the modelled Redis. See store.h. */
#include "sim/ops/store.h"

#include <assert.h>

static void clear(struct store_value *value)
{
    memset(value, 0, sizeof *value);
    value->until_ms = STORE_FOR_GOOD;
}

void store_init(struct store *store, uint8_t *many, uint16_t ids)
{
    assert(ids > 0 && (ids <= STORE_FEW || many));
    memset(store, 0, sizeof *store);
    store->ids = ids;
    for (int key = 0; key < STORE_KEYS; key++) {
        store->at[key].until_ms = STORE_FOR_GOOD;
    }
    if (ids > STORE_FEW) {
        memset(many, 0, ids);
    }
}

bool keyspace_delete(const struct keyspace *keys, uint8_t key)
{
    assert(key < STORE_KEYS && keys->store->at[key].content < CONTENTS);
    struct store_value *value = &keys->store->at[key];
    bool there = value->content != CONTENT_NOTHING && keys->now_ms <= value->until_ms;
    if (value->content == CONTENT_HASH) {
        memset(keys->fields, 0, keys->store->ids);
    }
    clear(value);
    return there;
}

struct store_value *keyspace_set(const struct keyspace *keys, uint8_t key,
                                 enum store_content content)
{
    assert(content < CONTENTS);
    keyspace_delete(keys, key);
    keys->store->at[key].content = (uint8_t)content;
    return &keys->store->at[key];
}

void keyspace_expire(const struct keyspace *keys, uint8_t key, int64_t ttl_ms)
{
    assert(keys->store->at[key].content != CONTENT_NOTHING);
    if (ttl_ms <= 0) {
        keyspace_delete(keys, key);
    } else {
        keys->store->at[key].until_ms = keys->now_ms + ttl_ms;
    }
}

static bool is_only_hash(const struct keyspace *keys, uint8_t key)
{
    for (int other = 0; other < STORE_KEYS; other++) {
        if (other != key && keys->store->at[other].content == CONTENT_HASH) {
            return false;
        }
    }
    return true;
}

uint8_t *keyspace_hash(const struct keyspace *keys, uint8_t key)
{
    assert(key < STORE_KEYS);
    struct store_value *value = keyspace_look(keys, key);
    if (value->content == CONTENT_NOTHING) {
        assert(is_only_hash(keys, key));
        value->content = CONTENT_HASH;
    }
    return value->content == CONTENT_HASH ? keys->fields : NULL;
}

bool keyspace_holds(const struct keyspace *keys, const struct request *request)
{
    const struct store_value *value = keyspace_look(keys, request->key);
    return value->content == CONTENT_TOKEN && token_equal(value->token, request->value.token);
}

bool keyspace_is_holder(const struct keyspace *keys, const struct request *request,
                        struct reply *reply)
{
    assert(reply->outcome == STORE_OK && reply->value.integer == 0);
    const struct store_value *value = keyspace_look(keys, request->key);
    if (value->content != CONTENT_NOTHING && !content_is_string(value->content)) {
        reply->outcome = STORE_REFUSED;
    }
    return keyspace_holds(keys, request);
}

void keyspace_put_foreign(const struct keyspace *keys, uint8_t key, enum store_content content)
{
    assert(content == CONTENT_NOTHING || content == CONTENT_TEXT || content == CONTENT_LIST);
    keyspace_set(keys, key, content)->list.length = content == CONTENT_LIST;
}

void keyspace_put_status(const struct keyspace *keys, uint16_t id, enum status status)
{
    uint8_t *fields = keyspace_hash(keys, KEY_NODES);
    assert(id < keys->store->ids && fields);
    fields[id] = (uint8_t)(1 + status);
}
