/* The commands that locks are made of. See commands.h. */
#include "sim/wild/commands.h"

#include <assert.h>

static const char command_obscure[] =
    "it sent a command that can write the lock's key, and what it means by it nobody knows";
static const char script_obscure[] = "it sent a script with the lock's key that nobody knows";

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
    return command->beyond;
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

/* A lock that is to run out so soon is rather given back than taken. */
#define GIVES_BACK_MS 10

static const char gives_back[] = "it wrote over the lock so that it runs out at once, and nobody "
                                 "can tell whether it gave it back";

/* Whoever has the lock loses it, unless it is its own. */
static void takes_over(struct wild_request *request, const struct resp_item *token, uint32_t ttl_ms)
{
    request->kind = WILD_COMMAND;
    request->yes = YES_OK;
    request->means = MEANS_TAKES;
    take_token(request, token);
    request->ttl_ms = ttl_ms;
    if (ttl_ms > 0 && ttl_ms < GIVES_BACK_MS) {
        request->obscure = gives_back;
    }
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
    request->kind = WILD_COMMAND;
    if (command->count < 3) {
        return;
    }
    struct set_options options = set_options(command);
    takes_over(request, &command->items[2], options.ttl_ms);
    request->yes = row->yes;
    if (options.absent) {
        is_like(request, row->op, options.tells ? YES_NIL : row->yes, 1);
        request->obscure = NULL;
    } else if (options.there) {
        request->means = MEANS_HAS;
        request->yes = options.tells ? YES_NOT_NIL : row->yes;
    } else if (options.tells) {
        request->means = MEANS_NOTHING; /* what it makes of what was there, nobody knows */
        request->obscure = command_obscure;
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

/* EXPIRE k 2 [NX|XX|GT|LT] */
static void recognise_expire(const struct command_row *row, const struct resp_message *command,
                             const struct lock_key *key, struct scripts_learnt *learnt,
                             struct wild_request *request)
{
    int64_t time;
    (void)learnt;
    if (!is_key(command, 1, key) || command->count < 3) {
        return;
    }
    is_like(request, row->op, row->yes, 1);
    request->ttl_ms = ttl_of(&command->items[2], row->unit_ms);
    request->no_untold = command->count > 3;
    if (!resp_number(&command->items[2], &time) || time > 0) {
        return;
    }
    if (request->no_untold) {
        request->obscure = command_obscure;
    } else { /* it is gone at once */
        is_like(request, STORE_DELETE, row->yes, 1);
        request->ttl_ms = 0;
    }
}

/* EXPIREAT k 1700000000 [NX|XX|GT|LT]. Whether that is past already, nobody knows here. */
static void recognise_expireat(const struct command_row *row, const struct resp_message *command,
                               const struct lock_key *key, struct scripts_learnt *learnt,
                               struct wild_request *request)
{
    const int64_t long_ago_s = 1000000000; /* in 2001 */
    int64_t time;
    (void)learnt;
    if (!is_key(command, 1, key) || command->count < 3) {
        return;
    }
    request->kind = WILD_COMMAND;
    request->obscure = command_obscure;
    if (command->count == 3 && resp_number(&command->items[2], &time) &&
        time < long_ago_s * (1000 / row->unit_ms)) {
        is_like(request, row->op, row->yes, 1);
        request->obscure = NULL;
    }
}

/* SETEX k 2 tok */
static void recognise_setex(const struct command_row *row, const struct resp_message *command,
                            const struct lock_key *key, struct scripts_learnt *learnt,
                            struct wild_request *request)
{
    (void)learnt;
    if (is_key(command, 1, key) && command->count > 3) {
        takes_over(request, &command->items[3], ttl_of(&command->items[2], row->unit_ms));
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
    if (!script_read_digest(item, digest)) {
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
    request->obscure = NULL;
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
    /* The key may stand in an unknown script's text, which is its first word. */
    if (!command_names_key(command, 3, key) && (script || command->word_with != 1)) {
        return;
    }
    request->kind = WILD_SCRIPT;
    request->obscure = script_obscure;
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
    if (command->count > 2) {
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

/* FCALL name 1 k …: what a function does, nobody knows. */
static void recognise_fcall(const struct command_row *row, const struct resp_message *command,
                            const struct lock_key *key, struct scripts_learnt *learnt,
                            struct wild_request *request)
{
    (void)row;
    (void)learnt;
    call_script(command, NULL, key, request);
}

/* SCRIPT LOAD text. */
static void recognise_script(const struct command_row *row, const struct resp_message *command,
                             const struct lock_key *key, struct scripts_learnt *learnt,
                             struct wild_request *request)
{
    (void)row;
    (void)key;
    if (command->count > 2 && resp_says(&command->items[1], "LOAD") &&
        !script_by_text(command, &command->items[2], learnt) && command->word_with == 2) {
        request->obscure = script_obscure;
    }
}

/* FUNCTION LOAD text, or RESTORE. */
static void recognise_function(const struct command_row *row, const struct resp_message *command,
                               const struct lock_key *key, struct scripts_learnt *learnt,
                               struct wild_request *request)
{
    (void)row;
    (void)key;
    (void)learnt;
    if (command->word_with > 0) {
        request->obscure = script_obscure;
    }
}

/* --- the table -------------------------------------------------------------------------------- */

static const struct command_row rows[] = {
    {"SET", STORE_PUT_IF_ABSENT, YES_OK, 0, recognise_set},
    {"SETNX", STORE_PUT_IF_ABSENT, YES_NOT_NIL, 0, recognise_setnx},
    {"EXPIRE", STORE_EXPIRE, YES_NOT_NIL, 1000, recognise_expire},
    {"PEXPIRE", STORE_EXPIRE, YES_NOT_NIL, 1, recognise_expire},
    {"EXPIREAT", STORE_DELETE, YES_NOT_NIL, 1000, recognise_expireat},
    {"PEXPIREAT", STORE_DELETE, YES_NOT_NIL, 1, recognise_expireat},
    {"SETEX", 0, YES_OK, 1000, recognise_setex},
    {"PSETEX", 0, YES_OK, 1, recognise_setex},
    {"GET", STORE_GET_TOKEN, YES_NOT_NIL, 0, recognise_one_key},
    {"DEL", STORE_DELETE, YES_NOT_NIL, 0, recognise_keys},
    {"UNLINK", STORE_DELETE, YES_NOT_NIL, 0, recognise_keys},
    {"GETDEL", STORE_DELETE, YES_NOT_NIL, 0, recognise_one_key},
    {"EVAL", 0, 0, 0, recognise_eval},
    {"EVALSHA", 0, 0, 0, recognise_evalsha},
    {"EVAL_RO", 0, 0, 0, recognise_eval},
    {"EVALSHA_RO", 0, 0, 0, recognise_evalsha},
    {"FCALL", 0, 0, 0, recognise_fcall},
    {"FCALL_RO", 0, 0, 0, recognise_fcall},
    {"SCRIPT", 0, 0, 0, recognise_script},
    {"FUNCTION", 0, 0, 0, recognise_function},
};

static const struct command_row *row_of(const struct resp_item *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (resp_says(name, rows[i].name)) {
            return &rows[i];
        }
    }
    return NULL;
}

void command_recognise(const struct resp_message *command, const struct lock_key *key,
                       struct scripts_learnt *learnt, struct wild_request *request)
{
    assert(command->count > 0 && request->kind == WILD_ELSEWHERE);
    const struct command_row *row = row_of(&command->items[0]);
    if (row) {
        row->recognise(row, command, key, learnt, request);
    } else if (command_names_key(command, 1, key)) {
        request->kind = WILD_COMMAND;
        if (command_can_write(command, key)) {
            request->obscure = command_obscure;
        }
    }
}
