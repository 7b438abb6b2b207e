/* Groups of followers: the processes that are up, by whom they follow. What disagreement and
 * no_leader say of them. */
#ifndef HUSTINGS_CHECKS_FOLLOWER_GROUPS_H
#define HUSTINGS_CHECKS_FOLLOWER_GROUPS_H

#include "sim/checks/violation.h"

/* Names one process of each group of followers, with the claim by which it began to follow: "node 1
 * followed node 3 and node 2 followed node 4". `changed` is a process to be taken as it was before
 * the event at hand; NOBODY: none. `idle_too`: those who follow nobody are a group of followers as
 * well. Looks at every process. */
void groups_name(struct violation *violation, const struct view *view, int32_t changed,
                 bool idle_too);

#endif
