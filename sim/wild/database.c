/* In which database a stranger's connection is. See database.h. */
#include "sim/wild/database.h"

#include <assert.h>
#include <string.h>

static bool is_named(const struct wild_request *request, const char *name)
{
    return strcmp(request->name, name) == 0;
}

void database_sent(struct database *database, const struct resp_message *command,
                   const struct wild_request *request, bool in_multi)
{
    int64_t number;
    assert(command->count > 0);
    if (is_named(request, "SELECT") && command->count == 2 &&
        resp_number(&command->items[1], &number) && number >= 0) {
        database->number = number;
    } else if (is_named(request, "RESET")) {
        database->number = 0;
    } else if (is_named(request, "MULTI") && !in_multi) {
        database->at_multi = database->number;
    } else if (is_named(request, "DISCARD") && in_multi) {
        database->number = database->at_multi;
    }
    assert(database->number >= DATABASE_UNKNOWN);
}

bool database_refused(struct database *database, const struct wild_request *request,
                      uint64_t number)
{
    assert(database->number >= DATABASE_UNKNOWN && number > 0);
    if (!is_named(request, "SELECT") && !is_named(request, "RESET")) {
        return false;
    }
    database->number = DATABASE_UNKNOWN;
    return database->placed > number;
}

static void become_elsewhere(struct wild_request *request)
{
    request->kind = WILD_ELSEWHERE;
    request->op = 0;
    request->yes = 0;
    request->means = MEANS_NOTHING;
    request->has_token = false;
    request->no_untold = false;
    request->keys = 0;
    request->ttl_ms = 0;
    request->token = (struct token){0};
    request->script = NULL;
}

/* Whether what it does to the lock goes by the database in which it is done. */
static bool depends(const struct wild_request *request)
{
    return !is_named(request, "FLUSHALL") &&
           (request->kind == WILD_LOCK || request->means != MEANS_NOTHING);
}

void database_place(struct database *database, struct lock_database *lock,
                    struct wild_request *request, uint64_t number)
{
    bool known = database->number != DATABASE_UNKNOWN;
    bool there = database->number == lock->number;
    assert(lock->number >= 0 && number > 0);
    database->placed = depends(request) ? number : database->placed;
    if (request->obscure) {
        return; /* in whichever it is; and that the lock is there, it does not show */
    }
    if (!known) {
        if (depends(request)) {
            request->obscure = "it went on after a SELECT or RESET that was refused, or wanted no "
                               "answer, and nobody can tell in which database";
        }
    } else if (wild_takes(request)) {
        if (!lock->taken) {
            *lock = (struct lock_database){.number = database->number, .taken = true};
        } else if (!there) {
            request->obscure = "it asked for a lock of that name in a second database, and nobody "
                               "can tell which of them is the lock";
        }
    } else if (!there && !is_named(request, "FLUSHALL")) {
        become_elsewhere(request);
    }
}
