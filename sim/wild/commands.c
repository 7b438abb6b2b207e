/* The commands that locks are made of. See commands.h. */
#include "sim/wild/commands.h"

static bool is_key(const struct resp_message *command, uint32_t at, const struct lock_key *key)
{
    return at < command->count && resp_is(&command->items[at], key->text, key->size);
}

bool command_names_key(const struct resp_message *command, uint32_t from,
                       const struct lock_key *key)
{
    for (uint32_t i = from; i < command->count; i++) {
        if (is_key(command, i, key)) {
            return true;
        }
    }
    return false;
}

static void is_like(struct wild_request *request, uint8_t op, uint8_t yes, uint32_t keys)
{
    request->kind = WILD_LOCK;
    request->op = op;
    request->yes = yes;
    request->keys = keys;
}

static void take_token(struct wild_request *request, const struct resp_item *item)
{
    request->has_token = true;
    request->token = wild_token(item);
}

/* So many units of `unit_ms`; what is no number a server refuses. */
static uint32_t ttl_of(const struct resp_item *item, uint32_t unit_ms)
{
    int64_t number;
    if (!resp_number(item, &number) || number < 0 || number >= WILD_TTL_UNKNOWN / unit_ms) {
        return WILD_TTL_UNKNOWN;
    }
    return (uint32_t)number * unit_ms;
}

/* --- SET -------------------------------------------------------------------------------------- */

/* What follows the value. */
struct set_options {
    bool absent, there, tells; /* NX, XX, GET */
    uint32_t ttl_ms;
};

static struct set_options set_options(const struct resp_message *command)
{
    struct set_options options = {0};
    for (uint32_t i = 3; i < command->count; i++) {
        const struct resp_item *word = &command->items[i];
        const struct resp_item *next = i + 1 < command->count ? word + 1 : NULL;
        options.absent = options.absent || resp_says(word, "NX");
        options.there = options.there || resp_says(word, "XX");
        options.tells = options.tells || resp_says(word, "GET");
        if (next && (resp_says(word, "PX") || resp_says(word, "EX"))) {
            options.ttl_ms = ttl_of(next, resp_says(word, "PX") ? 1 : 1000);
            i++;
        } else if (resp_says(word, "PXAT") || resp_says(word, "EXAT")) {
            options.ttl_ms = WILD_TTL_UNKNOWN;
            i++;
        }
    }
    return options;
}

static void recognise_set(const struct command_row *row, const struct resp_message *command,
                          const struct lock_key *key, struct scripts_learnt *learnt,
                          struct wild_request *request)
{
    (void)learnt;
    if (!is_key(command, 1, key)) {
        return;
    }
    struct set_options options = set_options(command);
    request->kind = WILD_COMMAND; /* whoever has it, loses it, unless it is its own */
    request->yes = row->yes;
    request->means = options.there ? MEANS_HAS : MEANS_TAKES;
    if (options.absent) {
        is_like(request, row->op, options.tells ? YES_NIL : row->yes, 1);
    }
    if (command->count > 2) {
        take_token(request, &command->items[2]);
        request->ttl_ms = options.ttl_ms;
    }
}

/* --- a key, and perhaps something behind it --------------------------------------------------- */

static void recognise_setnx(const struct command_row *row, const struct resp_message *command,
                            const struct lock_key *key, struct scripts_learnt *learnt,
                            struct wild_request *request)
{
    (void)learnt;
    if (is_key(command, 1, key) && command->count > 2) {
        is_like(request, row->op, row->yes, 1);
        take_token(request, &command->items[2]);
    }
}

static void recognise_expire(const struct command_row *row, const struct resp_message *command,
                             const struct lock_key *key, struct scripts_learnt *learnt,
                             struct wild_request *request)
{
    (void)learnt;
    if (is_key(command, 1, key) && command->count > 2) {
        is_like(request, row->op, row->yes, 1);
        request->ttl_ms = ttl_of(&command->items[2], row->unit_ms);
    }
}

static void recognise_one_key(const struct command_row *row, const struct resp_message *command,
                              const struct lock_key *key, struct scripts_learnt *learnt,
                              struct wild_request *request)
{
    (void)learnt;
    if (is_key(command, 1, key)) {
        is_like(request, row->op, row->yes, 1);
    }
}

static void recognise_keys(const struct command_row *row, const struct resp_message *command,
                           const struct lock_key *key, struct scripts_learnt *learnt,
                           struct wild_request *request)
{
    (void)learnt;
    if (command_names_key(command, 1, key)) {
        is_like(request, row->op, row->yes, (uint32_t)command->values - 1);
    }
}

/* --- scripts ---------------------------------------------------------------------------------- */

/* A digest in hex, as EVALSHA has it. */
static bool read_digest(const struct resp_item *item, uint8_t digest[DIGEST_BYTES])
{
    if (item->size != 2 * (size_t)DIGEST_BYTES) {
        return false;
    }
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        int high = resp_hex_digit(item->text[2 * i]);
        int low = resp_hex_digit(item->text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        digest[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* By its text, which is learnt. */
static const struct script_row *script_by_text(const struct resp_message *command,
                                               const struct resp_item *item,
                                               struct scripts_learnt *learnt)
{
    uint8_t digest[DIGEST_BYTES];
    bool longer = command->longest == item;
    const char *text = longer ? command->long_text : item->text;
    size_t size = longer ? command->long_kept : item->kept;
    resp_digest(item, digest);
    const struct script_row *row = script_find(digest, size == item->size ? text : NULL, size);
    scripts_learn(learnt, digest, row);
    return row;
}

static const struct script_row *script_by_digest(const struct resp_item *item,
                                                 const struct scripts_learnt *learnt)
{
    uint8_t digest[DIGEST_BYTES];
    if (!read_digest(item, digest)) {
        return NULL;
    }
    const struct script_row *row = script_find(digest, NULL, 0);
    return row ? row : scripts_recall(learnt, digest);
}

/* The word that a row's ARGV[n] or KEYS[-n] is; NULL: it is not there, or not kept. */
static const struct resp_item *argument(const struct resp_message *command, int64_t keys, int n)
{
    int64_t at = n < 0 ? 2 - (int64_t)n : 2 + keys + n;
    return n != 0 && at < (int64_t)command->count ? &command->items[at] : NULL;
}

static void fill_script(const struct resp_message *command, const struct script_row *row,
                        int64_t keys, struct wild_request *request)
{
    const struct resp_item *token = argument(command, keys, row->token);
    const struct resp_item *ttl = argument(command, keys, row->ttl);
    const struct resp_item *adds = argument(command, keys, row->adds);
    is_like(request, row->op, row->yes, (uint32_t)keys);
    request->script = row;
    if (row->asks) {
        request->kind = WILD_COMMAND;
        request->means = MEANS_HAS;
    }
    if (token) {
        take_token(request, token);
    }
    if (row->ttl) {
        request->ttl_ms = ttl ? ttl_of(ttl, row->seconds ? 1000 : 1) : WILD_TTL_UNKNOWN;
    }
    if (adds && resp_is(adds, "0", 1)) {
        request->ttl_ms = WILD_TTL_UNKNOWN;
    }
}

/* A script that is called with keys, among them the lock's. */
static void call_script(const struct resp_message *command, const struct script_row *script,
                        const struct lock_key *key, struct wild_request *request)
{
    int64_t keys;
    if (!command_names_key(command, 3, key)) {
        return;
    }
    request->kind = WILD_SCRIPT;
    bool counted =
        resp_number(&command->items[2], &keys) && keys > 0 && (uint64_t)keys <= command->values - 3;
    /* The lock's key is the first, or one of several that are all treated alike. */
    if (script && counted && (is_key(command, 3, key) || script->yes == YES_ALL)) {
        fill_script(command, script, keys, request);
    }
}

static void recognise_eval(const struct command_row *row, const struct resp_message *command,
                           const struct lock_key *key, struct scripts_learnt *learnt,
                           struct wild_request *request)
{
    (void)row;
    if (command->count > 3) {
        call_script(command, script_by_text(command, &command->items[1], learnt), key, request);
    }
}

static void recognise_evalsha(const struct command_row *row, const struct resp_message *command,
                              const struct lock_key *key, struct scripts_learnt *learnt,
                              struct wild_request *request)
{
    (void)row;
    if (command->count > 3) {
        call_script(command, script_by_digest(&command->items[1], learnt), key, request);
    }
}

/* SCRIPT LOAD text. */
static void recognise_script(const struct command_row *row, const struct resp_message *command,
                             const struct lock_key *key, struct scripts_learnt *learnt,
                             struct wild_request *request)
{
    (void)row;
    (void)key;
    (void)request;
    if (command->count > 2 && resp_says(&command->items[1], "LOAD")) {
        script_by_text(command, &command->items[2], learnt);
    }
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct command_row rows[] = {
    {"SET", STORE_PUT_IF_ABSENT, YES_OK, 0, recognise_set},
    {"SETNX", STORE_PUT_IF_ABSENT, YES_NOT_NIL, 0, recognise_setnx},
    {"EXPIRE", STORE_EXPIRE, YES_NOT_NIL, 1000, recognise_expire},
    {"PEXPIRE", STORE_EXPIRE, YES_NOT_NIL, 1, recognise_expire},
    {"GET", STORE_GET_TOKEN, YES_NOT_NIL, 0, recognise_one_key},
    {"DEL", STORE_DELETE, YES_NOT_NIL, 0, recognise_keys},
    {"UNLINK", STORE_DELETE, YES_NOT_NIL, 0, recognise_keys},
    {"GETDEL", STORE_DELETE, YES_NOT_NIL, 0, recognise_one_key},
    {"EVAL", 0, 0, 0, recognise_eval},
    {"EVALSHA", 0, 0, 0, recognise_evalsha},
    {"SCRIPT", 0, 0, 0, recognise_script},
};

const struct command_row *command_find(const struct resp_item *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (resp_says(name, rows[i].name)) {
            return &rows[i];
        }
    }
    return NULL;
}
