/* The commands that locks are made of. See commands.h. */
#include "sim/wild/commands.h"

#include <assert.h>

static const char command_obscure[] =
    "it sent a command that can write the lock's key, and what it means by it nobody knows";

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
    command_take_token(request, token);
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
            options.ttl_ms = command_ttl_of(next, resp_says(word, "PX") ? 1 : 1000);
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
    if (!command_is_key(command, 1, key)) {
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
        command_is_like(request, row->op, options.tells ? YES_NIL : row->yes, 1);
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
    if (command_is_key(command, 1, key) && command->count > 2) {
        command_is_like(request, row->op, row->yes, 1);
        command_take_token(request, &command->items[2]);
    }
}

/* EXPIRE k 2 [NX|XX|GT|LT] */
static void recognise_expire(const struct command_row *row, const struct resp_message *command,
                             const struct lock_key *key, struct scripts_learnt *learnt,
                             struct wild_request *request)
{
    int64_t time;
    (void)learnt;
    if (!command_is_key(command, 1, key) || command->count < 3) {
        return;
    }
    command_is_like(request, row->op, row->yes, 1);
    request->ttl_ms = command_ttl_of(&command->items[2], row->unit_ms);
    request->no_untold = command->count > 3;
    if (!resp_number(&command->items[2], &time) || time > 0) {
        return;
    }
    if (request->no_untold) {
        request->obscure = command_obscure;
    } else { /* it is gone at once */
        command_is_like(request, STORE_DELETE, row->yes, 1);
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
    if (!command_is_key(command, 1, key) || command->count < 3) {
        return;
    }
    request->kind = WILD_COMMAND;
    request->obscure = command_obscure;
    if (command->count == 3 && resp_number(&command->items[2], &time) &&
        time < long_ago_s * (1000 / row->unit_ms)) {
        command_is_like(request, row->op, row->yes, 1);
        request->obscure = NULL;
    }
}

/* SETEX k 2 tok */
static void recognise_setex(const struct command_row *row, const struct resp_message *command,
                            const struct lock_key *key, struct scripts_learnt *learnt,
                            struct wild_request *request)
{
    (void)learnt;
    if (command_is_key(command, 1, key) && command->count > 3) {
        takes_over(request, &command->items[3], command_ttl_of(&command->items[2], row->unit_ms));
    }
}

static void recognise_one_key(const struct command_row *row, const struct resp_message *command,
                              const struct lock_key *key, struct scripts_learnt *learnt,
                              struct wild_request *request)
{
    (void)learnt;
    if (command_is_key(command, 1, key)) {
        command_is_like(request, row->op, row->yes, 1);
    }
}

static void recognise_keys(const struct command_row *row, const struct resp_message *command,
                           const struct lock_key *key, struct scripts_learnt *learnt,
                           struct wild_request *request)
{
    (void)learnt;
    if (command_names_key(command, 1, key)) {
        command_is_like(request, row->op, row->yes, (uint32_t)command->values - 1);
    }
}

/* FLUSHALL, FLUSHDB: whosever the lock was, it is gone. Whether there was one is not told: who
 * judges the answer asks of others whether they had it. */
static void recognise_flush(const struct command_row *row, const struct resp_message *command,
                            const struct lock_key *key, struct scripts_learnt *learnt,
                            struct wild_request *request)
{
    (void)command;
    (void)key;
    (void)learnt;
    command_is_like(request, row->op, row->yes, 0);
}

/* SWAPDB 0 1: what is the lock's key then was another database's. */
static void recognise_swapdb(const struct command_row *row, const struct resp_message *command,
                             const struct lock_key *key, struct scripts_learnt *learnt,
                             struct wild_request *request)
{
    (void)row;
    (void)command;
    (void)key;
    (void)learnt;
    request->obscure = command_obscure;
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
    {"FLUSHALL", STORE_DELETE, YES_OK, 0, recognise_flush},
    {"FLUSHDB", STORE_DELETE, YES_OK, 0, recognise_flush},
    {"SWAPDB", 0, 0, 0, recognise_swapdb},
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
