/* What the verbs on a server are made of; between the files of this room alone. Each does one of
 * enum server_fault to the trial's private server, and returns what the verb returns: false if it
 * made no sense now. Failures of the world end the trial (run_fail). */
#ifndef HUSTINGS_PROCESSES_SERVER_VERBS_H
#define HUSTINGS_PROCESSES_SERVER_VERBS_H

#include "sim/processes/run.h"

/* --- commands of the driver's own, server_commands.c ------------------------------------------ */

/* The reply to a command that must not fail; the caller's to free. NULL: it did, and either the
 * server was touched from outside, or the world failed. */
redisReply *server_demand(struct run *run, const char *const words[]);

/* Sends a command whose answer does not matter, unless it is an error. */
bool server_carry_out(struct run *run, const char *const words[]);

/* Sends a command whose answer is a number; -1 if it is none. */
long long server_number(struct run *run, const char *const words[]);

/* The string at the lock's key: 1, and 0 if there is no such key. -1: it is no string, or there was
 * no answer. What does not fit is cut. */
int server_lock_string(struct run *run, char *out, size_t size);

/* Several commands in one read: they fit into one of its reads, and it answers all that it has read
 * before it turns to anybody else. */
struct pipeline {
    struct run *run;
    int count;
};
void pipeline_put(struct pipeline *pipeline, const char *const words[]);

/* The reply to the last but `after`; the others are dropped. */
redisReply *pipeline_read(struct pipeline *pipeline, int after);

/* Writes that the lock's key is gone (run_base.c); `why` completes "the lock …"; NULL: its TTL ran
 * out. */
void run_lock_gone(struct run *run, const char *why);

/* --- what verbs are made of ------------------------------------------------------------------- */

/* server_life.c: by signals. */
bool server_stall(struct run *run);
bool server_go_on(struct run *run);
bool server_crash(struct run *run);

/* It is dead: whatever is connected to it is closed. */
void server_is_gone(struct run *run);
bool server_power_loss(struct run *run);
bool server_restart(struct run *run);

/* server_harm.c: by commands, which need a server that answers. */
bool server_evict_lock(struct run *run);
bool server_forget_scripts(struct run *run);
bool server_wrong_type(struct run *run);
bool server_oom(struct run *run);

/* Ends WRONG_TYPE or OOM; as soon as the server answers, if it does not now. */
bool server_recover(struct run *run, enum server_fault from);
void server_recover_pending(struct run *run);

/* These outlast the server's death: when it is up again, it is told so, and the list is put
 * again, if its memory has lost it. */
void server_apply_again(struct run *run);

/* server_refusal.c: it refuses writes with these errors (bits 1u << enum refusal) from now on, or
 * as soon as it answers. */
bool server_refuse(struct run *run, uint8_t refusals);
bool server_apply_refusals(struct run *run);

/* Whether these words were ours, for a request that was sent then (CLOCK_MONOTONIC). */
bool server_refused(const struct run *run, const char *words, int64_t sent_ns);

/* Does what has to be done to a server that has just come up, so that it can be made to refuse.
 * False: it failed, and the trial with it. */
bool server_prepare_refusals(struct run *run);

/* Around commands of ours that write: the server accepts them, and then refuses again. Return how
 * many replies that makes. */
int pipeline_allow_writes(struct pipeline *pipeline);
int pipeline_refuse_again(struct pipeline *pipeline);

/* As server_number(), for a command that writes, which the scenario's own refusals let through. */
long long server_written(struct run *run, const char *const words[]);

/* The verb, server_faults.c; and that of clocks, clock.c. As in struct host_ops. */
bool server_verb(void *self, uint8_t server, const struct server_order *order);
bool clock_verb(void *self, struct fault_place at, const struct clock_order *order);

#endif
