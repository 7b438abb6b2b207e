/* The scribe: what a process's requests, replies and steps look like in a history, the same on
 * every host.
 *
 * Each call fills an event whole, but for its time, process and place, which are the host's. */
#ifndef HUSTINGS_SCRIBE_H
#define HUSTINGS_SCRIBE_H

#include "sim/history/history.h"

/* A request that goes out; `number` counts the process's requests from 1. */
void scribe_request(struct history_event *event, const struct action *action, uint32_t number);

/* The answer to `request`. A ballot (scribe_is_ballot) is left out: history_put_ballot() adds
 * it. */
void scribe_reply(struct history_event *event, const struct request *request,
                  const struct reply *reply, uint32_t number);
bool scribe_is_ballot(const struct request *request, const struct reply *reply);

/* What the machine decided in a step, from the ballot of its request `read_number`. */
void scribe_decided(struct history_event *event, const struct action *action, uint32_t read_number);

/* The claim after a step. False, and nothing filled: it is as `before`, and nothing else happened
 * that is told by a claim. */
bool scribe_claim(struct history_event *event, const struct claim *before,
                  const struct claim *claim, const struct action *action);

#endif
