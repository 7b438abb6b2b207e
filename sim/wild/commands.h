/* The commands that locks are made of.
 *
 * How to add one: a row in commands.c, with what recognises it; a line in lock_traffic.h's table; a
 * line in tests/unit/wild/test_lock_traffic.c. */
#ifndef HUSTINGS_WILD_COMMANDS_H
#define HUSTINGS_WILD_COMMANDS_H

#include "sim/wild/request.h"

struct lock_key {
    const char *text;
    size_t size;
};

struct command_row {
    const char *name;
    uint8_t op; /* enum store_op; of scripts nothing */
    uint8_t yes;
    uint16_t unit_ms; /* of a TTL */
    void (*recognise)(const struct command_row *row, const struct resp_message *command,
                      const struct lock_key *key, struct scripts_learnt *learnt,
                      struct wild_request *request);
};

/* What a command means to the lock, into a request of which that is not filled yet. */
void command_recognise(const struct resp_message *command, const struct lock_key *key,
                       struct scripts_learnt *learnt, struct wild_request *request);

/* In command_parts.c: whether the word at this place is the lock's key. */
bool command_is_key(const struct resp_message *command, uint32_t at, const struct lock_key *key);

/* Whether one of the words from `from` on, or one behind those that are kept, is the lock's key. */
bool command_names_key(const struct resp_message *command, uint32_t from,
                       const struct lock_key *key);

/* Fills a request: it is like an operation of the store; its token; a TTL in ms, of so many units,
 * or WILD_TTL_UNKNOWN for what is no number. */
void command_is_like(struct wild_request *request, uint8_t op, uint8_t yes, uint32_t keys);
void command_take_token(struct wild_request *request, const struct resp_item *item);
uint32_t command_ttl_of(const struct resp_item *item, uint32_t unit_ms);

/* Those of scripts and functions, in calls.c. */
void recognise_eval(const struct command_row *row, const struct resp_message *command,
                    const struct lock_key *key, struct scripts_learnt *learnt,
                    struct wild_request *request);
void recognise_evalsha(const struct command_row *row, const struct resp_message *command,
                       const struct lock_key *key, struct scripts_learnt *learnt,
                       struct wild_request *request);
void recognise_fcall(const struct command_row *row, const struct resp_message *command,
                     const struct lock_key *key, struct scripts_learnt *learnt,
                     struct wild_request *request);
void recognise_script(const struct command_row *row, const struct resp_message *command,
                      const struct lock_key *key, struct scripts_learnt *learnt,
                      struct wild_request *request);
void recognise_function(const struct command_row *row, const struct resp_message *command,
                        const struct lock_key *key, struct scripts_learnt *learnt,
                        struct wild_request *request);

/* Whether a command without a row, which names the key, may write it. See writes.c. */
bool command_can_write(const struct resp_message *command, const struct lock_key *key);

#endif
