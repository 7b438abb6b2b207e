/* A cluster at one moment, counted: what the picture says in words and cells.
 */
#ifndef HUSTINGS_TERMINAL_CLUSTER_H
#define HUSTINGS_TERMINAL_CLUSTER_H

#include "sim/terminal/style.h"

/* What a process is, for the picture: the first of these that holds, from the end. */
enum role {
    ROLE_RUNNING, /* where there are no statuses */
    ROLE_PREPARE,
    ROLE_SUBMIT,
    ROLE_UNKNOWN,
    ROLE_LEADER,
    ROLE_PAUSED,
    ROLE_WAITING, /* not yet started */
    ROLE_DEAD,
    ROLES
};

struct role_row {
    const char *name;
    enum glyph glyph;
    enum style style;
};
extern const struct role_row role_rows[ROLES];

/* Who is not alive has died, or, while the trial is still connecting, has not been born. */
enum role role_of(const struct progress *progress, uint32_t id);

struct cluster {
    uint32_t nodes;         /* without the master */
    uint32_t roles[ROLES];  /* nodes only */
    uint32_t leaders;       /* processes that act as leader; paused ones still do */
    int32_t leader, second; /* the first two of them; NOBODY: none */
    int32_t holder;         /* in the critical section; NOBODY: none */
    uint32_t holders;
    uint32_t live;      /* nodes that run or are paused */
    int32_t followed;   /* whom the live nodes follow: the leader, or else the most usual one */
    uint32_t followers; /* live nodes that do */
};

struct cluster cluster_count(const struct progress *progress);

/* "node 1 leads, all 5 nodes follow"; brief: "…, all 5 follow". Returns the style that suits it. */
enum style cluster_sentence(const struct progress *progress, const struct cluster *cluster,
                            bool brief, char *out, size_t size);

#endif
