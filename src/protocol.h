/* Protocols: what kinds of election there are.
 *
 * An election is composed of a protocol (who decides, from what, and when) and a lock
 * (lock/lock.h).
 *
 * How to add a protocol: one file (or folder) in src/ that defines a `const struct protocol_row`,
 * declared below the others at the end of this header, one row in the table of protocol.c, and its
 * name in names.h, as each function of it that is not static. Its parameters are rows, too
 * (param.h); what it then finds in settings.value[OWNER_PROTOCOL] stands in their order. What it
 * must remember goes into `own` of struct process, as a struct of its own.
 *
 * Its elections, their causes and the checks follow from the row: from its moments (does it publish
 * who leads, or does a leader say so itself?), from acceptable() and rules(), and from what its
 * processes claim. Nothing in sim/ has to know it.
 *
 * Then `tests/scenarios/manual --write` makes the schema and the manual's tables anew; the words of
 * its requests get an entry in tests/interop/commands_sent.py; and its stories are traces
 * (tests/traces) and scenarios (scenarios/catalogue).
 */
#ifndef HUSTINGS_PROTOCOL_H
#define HUSTINGS_PROTOCOL_H

#include "src/process.h"

/* What is true of the cluster at a moment, whatever its members believe: of those who live and have
 * been started. A view, as a ballot is. */
struct truth {
    struct ballot live; /* they, with their statuses */
    const bool *up;     /* of each of live.votes: not paused */
};

/* A parameter of locks that a protocol sets by one of its own. There is then one place to write it.
 */
struct governed {
    const char *lock_param; /* NULL ends the list */
    int own;                /* the protocol's parameter; or GOVERNED_ABSENT: always 0 */
};
#define GOVERNED_ABSENT (-1)

struct protocol_row {
    const char *name;
    const char *summary;
    uint32_t asks;                  /* of the store, besides its lock: bits 1u << enum store_op */
    uint32_t topologies;            /* that it can be used with: bits 1u << enum topology */
    const struct param_row *params; /* ends with PARAM_NONE */
    const struct governed *governs; /* or NULL: none */
    bool has_master;                /* a process 0 beside the nodes, the master, takes part */
    bool holds_on;                  /* the leader holds the lock for as long as it leads */
    bool foreign;                   /* its members are programs of the user's, all of them */
    const char *const *texts;       /* of its steps, see why_of() */
    const char *const *reasons;     /* of its decisions, as they follow the words "elected by": from
                                     * 1 on; ends with NULL */
    const uint16_t *times; /* offsets of absolute times in `own`; ends with NO_MORE_TIMES */

    /* One step of process `process`: reads the event, changes the process, fills the action (which
     * comes zeroed). Runs in constant time but for reading a ballot. */
    void (*step)(const struct settings *settings, struct process *process,
                 const struct event *event, struct action *action);

    /* The moments that process `id` may have under these settings, as bits 1u << enum moment; those
     * of its lock are the lock's (lock.h). All nodes have the same. Is asked of the master only if
     * there is one. */
    uint32_t (*moments)(const struct settings *settings, uint16_t id);

    /* What is wrong with values that go badly together, and a hint what to write; NULL: nothing. A
     * row without this function takes them all. */
    const char *(*clash)(const struct settings *settings, const char **hint);

    /* Whether `leader` may lead, given what is true, when `incumbent` (or NOBODY) is the leader so
     * far. Independent of what any process read. */
    bool (*acceptable)(const struct settings *settings, const struct truth *truth, int32_t leader,
                       int32_t incumbent);

    /* Whom its rules give for these statuses, and by which reason. NULL: it has no such rules,
     * anybody acceptable may lead. */
    struct decision (*rules)(const struct settings *settings, struct ballot ballot,
                             int32_t incumbent);
};

/* The table; `protocol_rows[settings.row[OWNER_PROTOCOL]]` is an election's. Ends with NULL. */
extern const struct protocol_row *const protocol_rows[];

/* A new process, as it is before EVENT_STARTED: status prepare, following nobody. Also how a
 * restarted process begins: it remembers nothing. */
struct process process_new(uint16_t id);

/* Whether a master takes part; and the lowest number of a process: MASTER_ID, or 1. */
bool protocol_has_master(const struct settings *settings);
uint16_t protocol_first_id(const struct settings *settings);

/* Whether its processes report statuses: only then can these be flipped. */
bool protocol_has_statuses(const struct settings *settings);

/* The moments that process `id` may have: those of its protocol and of its lock; none, if there is
 * no such process. Extends_lock is both's: the protocol must want it, and the lock ask for it. */
uint32_t protocol_moments(const struct settings *settings, uint16_t id);

/* Those that anybody may have. */
uint32_t protocol_all_moments(const struct settings *settings);

/* Whether nothing is published in it, and whoever acts as leader is the leader: by its lock. */
bool protocol_leads_by_claim(const struct settings *settings);

/* Whether the leader holds the lock for as long as it leads. */
bool protocol_holds_on(const struct settings *settings);

/* Whether somebody is to lead. */
bool protocol_has_leaders(const struct settings *settings);

/* Whether all its members are programs of the user's: there is no machine of ours for it. */
bool protocol_is_foreign(const struct settings *settings);

/* What the processes ask of the store, and what a Redis is probed for: bits 1u << enum store_op. */
uint32_t protocol_asks(const struct settings *settings);

/* What is wrong with the values of the protocol's parameters together, with a hint what to write;
 * NULL: nothing. */
const char *protocol_clash(const struct settings *settings, const char **hint);

/* The place of a process among truth->live.votes; -1: it does not live. */
int32_t truth_find(const struct truth *truth, int32_t id);

/* Why somebody was elected, as it follows the word "by": "rule 3". NULL for 0 and for a reason that
 * the protocol does not know. A string literal. */
const char *protocol_reason(const struct settings *settings, unsigned reason);

/* The text of a step: what action.why says; NULL for 0. A string literal. And that of a request of
 * the step: a write has one of its own. */
const char *process_why(const struct settings *settings, uint16_t why);
const char *process_why_asked(const struct settings *settings, const struct process *process,
                              const struct action *action, const struct request *request);

/* Moves all its times by so many ns: it is then as it would be if its clock had always shown that
 * much more. A time of 0 was never set, and INT64_MAX has no end: these stay. */
void process_shift(const struct settings *settings, struct process *process, int64_t by_ns);

/* One step through the table. `action` need not be initialised. */
void process_step(const struct settings *settings, struct process *process,
                  const struct event *event, struct action *action);

extern const struct protocol_row protocol_article;
extern const struct protocol_row protocol_lease;
extern const struct protocol_row protocol_own_lock;
extern const struct protocol_row protocol_own_leader;

#endif
