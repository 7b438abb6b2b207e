/* The parts of a trial, from below to above; between the files of this room alone. What is done to
 * a server stands in server_verbs.h. */
#ifndef HUSTINGS_PROCESSES_RUN_PARTS_H
#define HUSTINGS_PROCESSES_RUN_PARTS_H

#include "sim/processes/run.h"

/* --- relayed.c --- */

/* Starts the relay if the scenario needs one; the driver is connected. False: the world failed. */
bool run_start_relay(struct run *run);

/* Ends it, if there is one, and removes its files. */
void run_stop_relay(struct run *run);

/* It has ended by itself, and the world failed; or it is gone all the same. */
void run_relay_ended(struct run *run, int status);
void run_relay_is_gone(struct run *run);

/* The Redis has just been killed: has the relay, if there is one, close its listeners. */
void run_tell_relay_of_death(struct trial_server *server);

/* Whether process `id` goes through a relay in trials of this scenario. */
bool run_relays(const struct scenario *scenario, uint16_t id);

/* Where member `id` finds a server: at the relay's listener, or directly. */
void run_route(const struct run *run, uint16_t id, uint8_t server, struct address *address);

/* The verb `link` of the processes host. */
bool run_link_verb(void *self, uint16_t id, uint8_t server, const struct link_order *order);

/* --- run_members.c --- */

/* Forks member `id`. `at_once`: it is started as soon as it is connected (a restart). */
bool run_fork_member(struct run *run, uint16_t id, bool at_once);

/* --- run_keys.c: a Redis of the user's --- */

/* Notes which server it is, once; and sees whether it is still there and the same: nobody tells us
 * when it goes, or is started anew without its keys. If not, the world failed. Nothing is done with
 * private servers. */
void run_remember_redis(struct run *run);
void run_still_there(struct run *run);

/* Something came from it, or it has gone. */
void run_listen_to_redis(struct run *run);

/* Gives a sign that the trial lives, and the keys a TTL that outlives it. Call before the members
 * are forked, and then in every turn; it does something every few seconds. */
void run_keep_keys(struct run *run);

/* Removes the trial's keys. Its members are dead. If that fails, the world failed: something of
 * ours is left there. */
void run_remove_keys(struct run *run);

/* --- probe.c, host_ops.c --- */

/* Whether the Redis is there, and which. As host_row.probe. */
bool processes_probe(const struct scenario *scenario, const struct host_options *options,
                     struct host_facts *facts, char *error, size_t error_size);

/* The verbs of the processes host. */
extern const struct host_ops processes_verbs;

#endif
