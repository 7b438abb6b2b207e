/* Calls of scripts and functions, as far as they are about the lock. See commands.h. */
#include "sim/wild/commands.h"

static const char script_obscure[] = "it sent a script with the lock's key that nobody knows";

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
    command_is_like(request, row->op, row->yes, (uint32_t)keys);
    request->script = row;
    request->obscure = NULL;
    if (row->asks) {
        request->kind = WILD_COMMAND;
        request->means = MEANS_HAS;
    }
    if (token) {
        command_take_token(request, token);
    }
    if (row->ttl) {
        request->ttl_ms = ttl ? command_ttl_of(ttl, row->seconds ? 1000 : 1) : WILD_TTL_UNKNOWN;
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
    if (script && counted && (command_is_key(command, 3, key) || script->yes == YES_ALL)) {
        fill_script(command, script, keys, request);
    }
}

void recognise_eval(const struct command_row *row, const struct resp_message *command,
                    const struct lock_key *key, struct scripts_learnt *learnt,
                    struct wild_request *request)
{
    (void)row;
    if (command->count > 2) {
        call_script(command, script_by_text(command, &command->items[1], learnt), key, request);
    }
}

void recognise_evalsha(const struct command_row *row, const struct resp_message *command,
                       const struct lock_key *key, struct scripts_learnt *learnt,
                       struct wild_request *request)
{
    (void)row;
    if (command->count > 3) {
        call_script(command, script_by_digest(&command->items[1], learnt), key, request);
    }
}

/* FCALL name 1 k …: what a function does, nobody knows. */
void recognise_fcall(const struct command_row *row, const struct resp_message *command,
                     const struct lock_key *key, struct scripts_learnt *learnt,
                     struct wild_request *request)
{
    (void)row;
    (void)learnt;
    call_script(command, NULL, key, request);
}

/* SCRIPT LOAD text. */
void recognise_script(const struct command_row *row, const struct resp_message *command,
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
void recognise_function(const struct command_row *row, const struct resp_message *command,
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
