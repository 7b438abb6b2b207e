/* What the verbs on a server are made of; between the files of this room alone. Each does one of
 * enum server_fault to a private server, and returns what the verb returns: false if it made no
 * sense now. Failures of the world end the trial (run_fail). */
#ifndef HUSTINGS_PROCESSES_SERVER_VERBS_H
#define HUSTINGS_PROCESSES_SERVER_VERBS_H

#include "sim/processes/run.h"

/* --- server_commands.c: commands of the driver's own, on its own connection ------------------- */

/* The reply to a command that must not fail; the caller's to free. NULL: it did, and either the
 * server was touched from outside, or the world failed. */
redisReply *server_demand(struct trial_server *server, const char *const words[]);

/* Sends a command whose answer does not matter, unless it is an error. */
bool server_carry_out(struct trial_server *server, const char *const words[]);
bool server_configure(struct trial_server *server, const char *name, const char *value);

/* Sends a command whose answer is a number; -1 if it is none. */
long long server_number(struct trial_server *server, const char *const words[]);

/* The token at the lock's key, as members of ours and programs put it there: 1, and 0 if there is
 * no such key. -1: it is no string, as where a library's lock is a sorted set, or there was no
 * answer. */
int server_lock_token(struct trial_server *server, struct token *token);

/* Commands that the server takes in one read: they fit into one of its reads, and it answers all
 * that it has read before it turns to anybody else. */
struct pipeline {
    struct trial_server *server;
    int count;
};
void pipeline_put(struct pipeline *pipeline, const char *const words[]);
void pipeline_configure(struct pipeline *pipeline, const char *name, const char *value);

/* The reply to the last but `after`; the others are dropped. */
redisReply *pipeline_read(struct pipeline *pipeline, int after);

/* --- expiry_subscription.c: which keys have expired --- */

/* Has a server tell which keys expire, on a connection of its own. */
bool run_subscribe(struct trial_server *server);

/* Takes in what it has told. */
void server_listen(struct trial_server *server);

/* Notes how its time runs from now on: after every change of its clock, and when it begins or
 * ceases to run. */
void run_note_time(struct trial_server *server);

/* Hears at once of all its locks that have run out by now. */
void run_hear_expired(struct trial_server *server);

/* The lock's key is gone; `why` completes "the lock …", NULL: its TTL ran out. */
void run_lock_gone(struct trial_server *server, const char *why);

/* --- server_refusal.c: it refuses to write --- */

/* With these errors (bits 1u << enum refusal) from now on, or as soon as it answers. */
bool server_refuse(struct trial_server *server, uint8_t refusals);
bool server_apply_refusals(struct trial_server *server);

/* Does what has to be done to a server that has just come up, so that it can be made to refuse.
 * False: call again in a while; or it failed, and the trial with it. */
bool server_prepare_refusals(struct trial_server *server);

/* Around commands of ours that write: the server accepts them, and then refuses again. Return how
 * many replies that makes. */
int pipeline_allow_writes(struct pipeline *pipeline);
int pipeline_refuse_again(struct pipeline *pipeline);

/* As server_number() for a command that writes, which the scenario's own refusals let through. */
long long server_written(struct trial_server *server, const char *const words[]);

/* Whether a member was refused for a reason that breaks the trial: then the world failed. */
void run_hear_refusals(struct run *run);

/* --- server_harm.c: by commands, which need a server that answers --- */

bool server_evict_lock(struct trial_server *server);
bool server_forget_scripts(struct trial_server *server);
bool server_wrong_type(struct trial_server *server);
bool server_oom(struct trial_server *server);

/* Ends WRONG_TYPE or OOM; as soon as the server answers, if it does not now. */
bool server_recover(struct trial_server *server, enum server_fault from);
void server_recover_pending(struct trial_server *server);

/* These outlast the server's death: when it is up again, it is told so, and the list is put
 * again, if its memory has lost it. */
void server_apply_again(struct trial_server *server);

/* --- server_life.c: by signals --- */

bool server_stall(struct trial_server *server);
bool server_go_on(struct trial_server *server);
bool server_crash(struct trial_server *server);
bool server_power_loss(struct trial_server *server);
bool server_restart(struct trial_server *server);

/* It is in another state now; its time is noted. */
void server_enter(struct trial_server *server, enum server_state state);

/* It is dead: whatever is connected to it is closed. */
void server_is_gone(struct trial_server *server);

/* Whether a fault of the scenario works through the library of preload.h. */
bool run_needs_preload(const struct scenario *scenario);

/* How a private server of this trial is run. */
struct server_options run_server_options(const struct run *run);

/* Whether it answers and the subscription is open, which makes it UP. */
bool run_server_came_up(struct trial_server *server);

/* Looks after servers that were restarted. */
void run_mind_servers(struct run *run);

/* --- server_faults.c, clock.c: the verbs, as in struct host_ops --- */

bool server_verb(void *self, uint8_t server, const struct server_order *order);
bool clock_verb(void *self, struct fault_place at, const struct clock_order *order);

#endif
