/* The nemesis: carries out a scenario's faults in a trial, the same way on every host.
 *
 *        time ────────────▶ ┌──────────┐
 *        a breakpoint hit ▶ │ nemesis  │ ──▶ fault rows ──▶ the host's verbs (struct host_ops)
 *        settled ─────────▶ └──────────┘ ──▶ FAULT, SKIPPED and HEALED events
 *
 * Faults that come at random times are drawn by chaos.h. active.h begins and ends faults; what
 * those that are in force come to is in in_force.h, what may be done now in possible.h, and whom a
 * fault hits in aim.h. All of them are below nemesis.c and above nemesis_state.h; above it, hand.h
 * does what is ordered by hand.
 *
 * The host keeps `members` up to date, calls nemesis_advance() when nemesis_due() comes, stops a
 * process that hits a breakpoint and calls nemesis_hit() while it stands there, and
 * nemesis_settled() whenever the cluster becomes settled. Random numbers are the nemesis's own,
 * seeded by the trial.
 */
#ifndef HUSTINGS_HOST_NEMESIS_H
#define HUSTINGS_HOST_NEMESIS_H

#include "sim/host/block.h"
#include "sim/host/nemesis_state.h"

/* Sets the trial's plan. The nemesis is zeroed before the first trial. All pointers must outlive
 * it; `breakpoints` is emptied here. False: memory is out, and the trial must not begin. */
bool nemesis_begin(struct nemesis *nemesis, const struct scenario *scenario, uint64_t seed,
                   const struct host_ops *ops, const struct cluster_member *members,
                   struct breakpoints *breakpoints, const struct record *record);

/* The state of a trial, into a block or back. A nemesis that loads has begun a trial of the same
 * scenario, whichever; what `last` says is not kept. What was done by hand, it has if it is
 * the nemesis that was ordered to do it. */
void nemesis_block(struct nemesis *nemesis, struct block *block);

/* Frees what it has. */
void nemesis_free(struct nemesis *nemesis);

/* When something is due next; INT64_MAX: nothing. */
int64_t nemesis_due(const struct nemesis *nemesis);

/* Does everything that is due by `now_ns`, in order. */
void nemesis_advance(struct nemesis *nemesis, int64_t now_ns);

/* Process `id` stands at the breakpoint. Applies the fault (or sets its timer); the host lets the
 * process go on afterwards, unless a verb has meanwhile stopped or killed it. */
void nemesis_hit(struct nemesis *nemesis, int breakpoint, uint16_t id, int64_t now_ns);

/* The cluster has become settled. */
void nemesis_settled(struct nemesis *nemesis, int64_t now_ns);

/* The end of the safety phase: nothing is applied any more, and all that is broken is fixed:
 * paused processes resume, dead ones restart, stalls end. */
void nemesis_heal(struct nemesis *nemesis);

/* On whom the cluster is settled (cluster.h), or NOBODY. In O(count). */
int32_t members_settled_on(const struct settings *settings, const struct cluster_member *members,
                           int64_t now_ns);

#endif
