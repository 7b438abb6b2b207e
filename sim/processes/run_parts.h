/* The parts of a trial, from below to above; between the files of this room alone. What is done to
 * a server stands in server_verbs.h. */
#ifndef HUSTINGS_PROCESSES_RUN_PARTS_H
#define HUSTINGS_PROCESSES_RUN_PARTS_H

#include "sim/processes/run.h"

/* --- relayed.c --- */

/* Starts the relay if the trial needs one; the driver is connected. False: the world failed. */
bool run_start_relay(struct run *run);

/* Ends it, if there is one, and removes its files. */
void run_stop_relay(struct run *run);

/* It has ended by itself, and the world failed; or it is gone all the same. */
void run_relay_ended(struct run *run, int status);
void run_relay_is_gone(struct run *run);

/* Wakes the relay, which looks whether programs whose traffic stands may go on. */
void run_wake_relay(const struct run *run);

/* The Redis has just been killed: has the relay, if there is one, close its listeners. */
void run_tell_relay_of_death(struct trial_server *server);

/* Process `id` has just died: nothing more is told of it. */
void run_tell_relay_of_dead_member(struct run *run, uint16_t id);

/* Whether the fault may come to concern process `id`. */
bool run_may_hit(const struct fault_spec *spec, uint16_t id);

/* Whether process `id` goes through a relay. */
bool run_relays(const struct run *run, uint16_t id);

/* Where member `id` finds a server: at the relay's listener, or directly. */
void run_route(const struct run *run, uint16_t id, uint8_t server, struct address *address);

/* The verb `link` of the processes host. */
bool run_link_verb(void *self, uint16_t id, uint8_t server, const struct link_order *order);

/* --- run_members.c --- */

/* Forks member `id`. `at_once`: it is started as soon as it is connected (a restart). */
bool run_fork_member(struct run *run, uint16_t id, bool at_once);

/* Kills all members, and waits for their end. */
void run_dismiss_members(struct run *run);

/* --- program_clock.c: the wall clocks of programs that a fault may shift --- */

/* Before anything runs: whether the library of preload.h takes hold of each such program. It is
 * started for that, with the library, which ends it before its first instruction. False with one
 * line in `error`: which program, and why not. */
bool programs_probe_clocks(const struct scenario *scenario, char *error, size_t error_size);

/* Makes what such programs of the trial are started with; removes it. False: the world failed. */
bool run_open_clocks(struct run *run);
void run_close_clocks(struct run *run);

/* Whether all that program `id` has started by now goes by the library. */
bool run_goes_by_library(const struct run *run, uint16_t id);

/* --- resource.c --- */

/* Starts the protected resource, if members work; whether it answers by now (call until it does);
 * ends it, and removes its files. False of the first: the world failed. */
bool run_start_resource(struct run *run);
bool run_resource_came_up(struct run *run);
void run_stop_resource(struct run *run);

/* --- run_keys.c: a Redis of the user's --- */

/* All this is done on a connection of its own, without waiting: the Redis may be far away, and
 * other trials run. Nothing is done with private servers. */

/* Whether it is known which server it is; call until it is. */
bool run_redis_is_known(struct run *run);

/* Something came from it, or it has gone: then it is seen whether it is still there and the same.
 * If not, the world failed: nobody tells us when it is started anew without its keys. */
void run_listen_to_redis(struct run *run);

/* Gives a sign that the trial lives, and the keys a TTL that outlives it. Call before the members
 * are forked, and then in every turn; it does something every few seconds. */
void run_keep_keys(struct run *run);

/* The trial is over: sees whether it is still there, ends the members, and removes the trial's
 * keys. Call until it is true. */
bool run_has_left(struct run *run);

/* Removes the trial's keys, if they are still there, and waits for that. Its members are dead. If
 * that fails, the world failed: something of ours is left there. */
void run_remove_keys(struct run *run);

/* In the guardian, when the driver and the members are dead: removes the keys of all trials of a
 * struct run_common. If it fails, nobody is there to be told: the keys have a TTL. */
void run_remove_all_keys(void *self);

/* --- probe.c, host_ops.c --- */

/* Whether the Redis is there, and which. As host_row.probe. */
bool processes_probe(const struct scenario *scenario, const struct host_options *options,
                     struct host_facts *facts, char *error, size_t error_size);

/* The verbs of the processes host. */
extern const struct host_ops processes_verbs;

#endif
