/* Hand-written histories that read as stories. A story has a clock that is set by at(); every other
 * call appends an event (or the few that belong together) at that time and returns the place of the
 * one that matters, so that a test can say who is guilty of what.
 *
 *     struct tale *story = tale_new(3);
 *     everybody_runs(story);
 *     at(story, 100);
 *     uint32_t first = enters(story, 1);
 *     at(story, 250);
 *     uint32_t second = enters(story, 2);
 *     … look at story->history …
 *     tale_free(story);
 *
 * A request and its answer are two calls here; rounds.h tells both in one. What checks make of a
 * story is asserted by tests/unit/checks/judged.h.
 *
 * Times are in ms, also with fractions. Process 0 is the master.
 */
#ifndef TESTS_SUPPORT_STORY_H
#define TESTS_SUPPORT_STORY_H

/* cmocka wants these before itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/history/history.h"

#define TALE_NODES_MAX 100

struct tale {
    struct history history;
    int64_t now_ns;
    uint8_t server;                       /* that the events are about */
    uint32_t numbers[TALE_NODES_MAX + 1]; /* of requests */
    struct history_request asked[TALE_NODES_MAX + 1];
    struct claim claims[TALE_NODES_MAX + 1];
    uint64_t tokens[TALE_NODES_MAX + 1]; /* of the lock, for rounds.h */
};

/* A fresh story of so many nodes with the article's times (lock 2 s), the token lock, no bounds
 * promised and no healing; its facts may be changed before the first event. */
struct tale *tale_new(uint16_t nodes);
void tale_free(struct tale *story);

/* Appends an event: its time, place and server are the story's. */
uint32_t tale_event(struct tale *story, uint8_t kind, uint16_t process, struct history_event event);

void at(struct tale *story, double ms);
void later(struct tale *story, double ms); /* than it is */

/* So many servers, from the first event on; and which of them, from 0, what follows is about. */
void has_servers(struct tale *story, uint8_t count);
void on_server(struct tale *story, uint8_t server);

/* --- life ------------------------------------------------------------------------------------- */
uint32_t born(struct tale *story, uint16_t id);
uint32_t runs(struct tale *story, uint16_t id); /* is born and started */
void everybody_runs(struct tale *story);
uint32_t dies(struct tale *story, uint16_t id);
uint32_t is_paused(struct tale *story, uint16_t id);
uint32_t resumes(struct tale *story, uint16_t id);
uint32_t phase(struct tale *story, enum history_phase phase);
uint32_t ends(struct tale *story); /* the phase of that name */
uint32_t lock_runs_out(struct tale *story);
uint32_t lock_is_made_to_run_out(struct tale *story); /* by a fault */

uint32_t is_flipped(struct tale *story, uint16_t id, enum status to); /* fault, and claim */

/* A fault of this name is done to process `id` or to its link (HISTORY_HARNESS: to the server), and
 * ends. */
uint32_t begins_fault(struct tale *story, uint16_t id, const char *name);
uint32_t ends_fault(struct tale *story, uint16_t id, const char *name);

uint32_t clock_jumps(struct tale *story);    /* the store's */
uint32_t clock_is_right(struct tale *story); /* again */

/* --- claims ----------------------------------------------------------------------------------- */
uint32_t claims(struct tale *story, uint16_t id, uint32_t happened); /* story->claims[id] */
uint32_t enters(struct tale *story, uint16_t id);                    /* the critical section */
uint32_t leaves(struct tale *story, uint16_t id);
uint32_t follows(struct tale *story, uint16_t id, int32_t leader);
uint32_t leads(struct tale *story, uint16_t id, uint64_t term); /* and follows itself */
uint32_t leads_until(struct tale *story, uint16_t id, uint64_t term, double until_ms);
uint32_t steps_down(struct tale *story, uint16_t id, int32_t new_leader);

/* --- the lock: a token is any number but 0 ------------------------------------------------------
 */
uint32_t asks_lock(struct tale *story, uint16_t id, uint64_t token);
uint32_t asks_fenced(struct tale *story, uint16_t id, uint64_t token); /* is_told() its epoch */
uint32_t gets_lock(struct tale *story, uint16_t id);                   /* the answer; and enters */
uint32_t finds_it_busy(struct tale *story, uint16_t id);
uint32_t releases(struct tale *story, uint16_t id, uint64_t token);  /* goes out; it has left */
uint32_t extends(struct tale *story, uint16_t id, uint64_t token);   /* goes out */
uint32_t looks_whose(struct tale *story, uint16_t id, uint64_t own); /* the lock is; goes out */
uint32_t asks_setnx(struct tale *story, uint16_t id);                /* without a TTL */
uint32_t dates_lock(struct tale *story, uint16_t id, uint32_t ms);   /* its TTL; whoever has it */
uint32_t deletes_lock(struct tale *story, uint16_t id);              /* whoever has it */
uint32_t is_told(struct tale *story, uint16_t id, int64_t integer);

/* The protocol is a lease that lasts so long. */
void has_lease(struct tale *story, double ms);

/* Members work; with fencing, as leaders of a lease. A write goes out, of which is_told() tells its
 * count, gets(STORE_NIL) that it was rejected. */
void has_work(struct tale *story, bool fencing);
uint32_t writes(struct tale *story, uint16_t id, uint64_t epoch);

uint32_t finds_token(struct tale *story, uint16_t id, uint64_t token);

/* --- the election ----------------------------------------------------------------------------- */
uint32_t sends_status(struct tale *story, uint16_t id); /* its own */
uint32_t reads(struct tale *story, uint16_t id);        /* goes out */
/* The answer, a letter for each id from 0: p prepare, s submit, u unknown, - not on the ballot. */
uint32_t gets_statuses(struct tale *story, uint16_t id, const char *letters);
uint32_t decides(struct tale *story, uint16_t id, int32_t whom, int32_t rule);
uint32_t publishes(struct tale *story, uint16_t id, int32_t whom, int32_t rule, uint64_t term);
uint32_t looks(struct tale *story, uint16_t id); /* asks for the result */
uint32_t sees(struct tale *story, uint16_t id, int32_t whom, int32_t rule, uint64_t term);
uint32_t sees_nothing(struct tale *story, uint16_t id);
/* The answer to the last request, if there is nothing more to it. */
uint32_t gets(struct tale *story, uint16_t id, enum store_outcome outcome);

#endif
