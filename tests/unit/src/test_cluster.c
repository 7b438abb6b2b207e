/* The machines together: a master and four nodes over a store that stalls, loses replies and runs
 * requests late, in virtual time, for many seeds. Never may two of them be inside the critical
 * section; and once the store behaves again, all must come to follow the one whom the rules give.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "moved.h"
#include "src/article/article.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"

#define MS INT64_C(1000000)
#define NODES 4
#define FLIGHTS 256
#define TROUBLE_NS (8000 * MS) /* so long the store misbehaves */
#define END_NS (14000 * MS)    /* and by then all must have settled */
#define TIMEOUT_NS (300 * MS)  /* so long a client waits for a reply */
#define NEVER INT64_MAX

/* A request on its way to the store. */
struct flight {
    struct request request;
    int64_t applies_ns; /* NEVER: free, or lost on the way */
    int process;
    uint64_t number;
};

struct member {
    struct process process;
    uint64_t waits_for;  /* the number of its outstanding request; 0: none */
    uint8_t asked;       /* and what that asks */
    int64_t next_ns;     /* wakes, hears the reply, or has waited too long */
    struct reply answer; /* heard at next_ns if `answered` */
    bool answered;
    bool started;
};

struct host_ops {
    struct settings settings;
    struct member members[NODES + 1];
    struct flight flights[FLIGHTS];
    uint64_t sent;
    struct token holder; /* the lock's value; zero: absent */
    int64_t expires_ns;
    struct vote votes[NODES + 1]; /* STATUS_UNKNOWN: not reported */
    struct vote read[NODES + 1];  /* the ballot of the reply under way */
    struct result result;
    int64_t now_ns;
    uint64_t rng;
    int timeouts, late, cleared, given_up; /* what was seen, so that nothing is tested in vain */
};

static uint64_t roll(struct host_ops *ops, uint64_t sides)
{
    ops->rng = ops->rng * 6364136223846793005U + 1442695040888963407U;
    return (ops->rng >> 33) % sides;
}

static bool link_faults(const struct host_ops *ops)
{
    return ops->now_ns < TROUBLE_NS;
}

/* ---- the store ---- */

static struct reply apply(struct host_ops *ops, const struct request *request)
{
    struct reply reply = {.outcome = STORE_OK};
    bool absent = ops->now_ns >= ops->expires_ns;
    bool equal = !absent && token_equal(ops->holder, request->value.token);
    switch ((enum store_op)request->op) {
    case STORE_PUT_IF_ABSENT:
        if (!absent) {
            reply.outcome = STORE_NIL;
            break;
        }
        ops->holder = request->value.token;
        ops->expires_ns = ops->now_ns + request->ttl_ms * MS;
        break;
    case STORE_DELETE_IF_EQUAL:
        reply.value.integer = equal;
        ops->expires_ns = equal ? 0 : ops->expires_ns;
        break;
    case STORE_GET_TOKEN:
        reply.outcome = absent ? STORE_NIL : STORE_OK;
        reply.value.token = ops->holder;
        break;
    case STORE_SET_STATUS:
        ops->votes[request->id].status = request->status;
        break;
    case STORE_READ_BALLOT:
        break; /* when it is heard */
    case STORE_GET_RESULT:
        reply.outcome = ops->result.id == NOBODY ? STORE_NIL : STORE_OK;
        reply.value.result = ops->result;
        break;
    case STORE_SET_RESULT:
        ops->result = request->value.result;
        break;
    default:
        fail_msg("nobody asks that");
    }
    return reply;
}

static void arrive(struct host_ops *ops, struct flight *flight)
{
    struct member *member = &ops->members[flight->process];
    struct reply reply = apply(ops, &flight->request);
    flight->applies_ns = NEVER;
    if (member->waits_for != flight->number) {
        ops->late++;
        return; /* nobody listens any more */
    }
    if (link_faults(ops) && roll(ops, 20) == 0) {
        return; /* the reply is lost */
    }
    member->answer = reply;
    member->answered = true;
    member->next_ns = ops->now_ns + (int64_t)roll(ops, 2) * MS;
}

static void send(struct host_ops *ops, int id, const struct request *request)
{
    struct flight *flight = ops->flights;
    while (flight->applies_ns != NEVER) {
        flight++;
        assert_true(flight < ops->flights + FLIGHTS);
    }
    int64_t way_ns = (int64_t)roll(ops, 3) * MS / 4;
    if (link_faults(ops) && roll(ops, 10) == 0) {
        way_ns = (int64_t)roll(ops, 3000) * MS; /* a stall, at times longer than the TTL */
    }
    ops->sent++;
    *flight = (struct flight){*request, ops->now_ns + way_ns, id, ops->sent};
    struct member *member = &ops->members[id];
    member->waits_for = ops->sent;
    member->asked = request->op;
    member->answered = false;
    member->next_ns = ops->now_ns + TIMEOUT_NS;
}

/* ---- the processes ---- */

static void nobody_shares_the_section(const struct host_ops *ops)
{
    int inside = 0;
    for (int id = 0; id <= NODES; id++) {
        const struct process *process = &ops->members[id].process;
        inside += process->claim.in_section && lock_usable(&process->lock, ops->now_ns);
        assert_int_equal(process->claim.zero, 0);
        for (size_t i = 0; i < sizeof process->zero; i++) {
            assert_int_equal(process->zero[i], 0);
        }
    }
    if (inside > 1 && lock_rows[ops->settings.row[OWNER_LOCK]] != &lock_none) {
        fail_msg("%d processes are inside the section at %g ms", inside,
                 (double)ops->now_ns / (double)MS);
    }
}

static void step(struct host_ops *ops, int id, struct event event)
{
    struct member *member = &ops->members[id];
    struct action action;
    event.now_ns = ops->now_ns;
    event.fresh = (struct token){.high = ops->rng, .low = ops->sent + 1};
    roll(ops, 1); /* so that no token is ever given twice */
    step_moved(&ops->settings, &member->process, &event, &action);
    const char *why = process_why(&ops->settings, action.why);
    assert_non_null(why);
    ops->given_up += strncmp(why, "gives up waiting", 16) == 0;

    if (action.sends > 0) {
        ops->cleared += strncmp(why, "the lock came too late", 22) == 0;
        send(ops, id, &action.send[0]);
    } else if (action.wake[TIMER_PROTOCOL].order == TIMER_SET) {
        assert_true(action.wake[TIMER_PROTOCOL].min_ns >= 0 &&
                    action.wake[TIMER_PROTOCOL].min_ns <= action.wake[TIMER_PROTOCOL].max_ns);
        member->waits_for = 0;
        member->next_ns = ops->now_ns + action.wake[TIMER_PROTOCOL].min_ns;
    } else {
        assert_int_equal(action.wake[TIMER_PROTOCOL].order, TIMER_KEEP);
    }
    nobody_shares_the_section(ops);
}

static void go_on(struct host_ops *ops, int id)
{
    struct member *member = &ops->members[id];
    if (!member->started) {
        member->started = true;
        step(ops, id, (struct event){.kind = EVENT_STARTED});
    } else if (!member->waits_for) {
        step(ops, id, (struct event){.kind = EVENT_WOKE});
    } else {
        struct reply reply = member->answer;
        if (!member->answered) {
            ops->timeouts++;
            reply = (struct reply){.outcome = STORE_UNKNOWN};
        } else if (member->asked == STORE_READ_BALLOT) {
            uint32_t count = 0;
            for (int voter = 0; voter <= NODES; voter++) {
                if (ops->votes[voter].status != STATUS_UNKNOWN) {
                    ops->read[count++] = ops->votes[voter];
                }
            }
            reply.value.ballot = (struct ballot){ops->read, count};
        }
        member->waits_for = 0;
        step(ops, id, (struct event){.kind = EVENT_REPLY, .reply = &reply});
    }
}

/* The next thing that happens, by time and then by number. False: nothing before the end. */
static bool happen(struct host_ops *ops)
{
    struct flight *flight = NULL;
    int next = -1;
    int64_t at_ns = END_NS;
    for (int i = 0; i < FLIGHTS; i++) {
        if (ops->flights[i].applies_ns < at_ns) {
            at_ns = ops->flights[i].applies_ns;
            flight = &ops->flights[i];
        }
    }
    for (int id = 0; id <= NODES; id++) {
        if (ops->members[id].next_ns < at_ns) {
            at_ns = ops->members[id].next_ns;
            next = id;
        }
    }
    if (!flight && next < 0) {
        return false;
    }
    ops->now_ns = at_ns;
    if (next >= 0) {
        go_on(ops, next);
    } else {
        arrive(ops, flight);
    }
    if (link_faults(ops) && roll(ops, 400) == 0) {
        int id = (int)roll(ops, NODES + 1);
        if (ops->members[id].started) {
            enum status to = roll(ops, 2) ? STATUS_SUBMIT : STATUS_PREPARE;
            step(ops, id,
                 (struct event){
                     .kind = EVENT_COMMAND, .command = COMMAND_FLIP, .value = (int32_t)to});
        }
    }
    return true;
}

static struct host_ops new_world(uint64_t seed, const char *lock)
{
    struct host_ops ops = {
        .settings = {.servers = 1,
                     .row[OWNER_LOCK] = (uint8_t)owner_find(OWNER_LOCK, lock),
                     .value[OWNER_PROTOCOL][ARTICLE_DECIDED_BY] =
                         seed & 1 ? DECIDED_BY_NODES : DECIDED_BY_MASTER,
                     .value[OWNER_PROTOCOL][ARTICLE_SUBMITS] =
                         seed & 2 ? SUBMITS_NOBODY : SUBMITS_ELECTED,
                     .value[OWNER_PROTOCOL][ARTICLE_STICKY] = (seed >> 2) & 1,
                     .value[OWNER_PROTOCOL][ARTICLE_MASTER_LOCKS] = 1,
                     .nodes = NODES,
                     .value[OWNER_LOCK][LOCK_TTL] = 500 * MS,
                     .value[OWNER_LOCK][LOCK_RETRY] = 30 * MS,
                     .value[OWNER_LOCK][LOCK_WAIT] = seed & 8 ? 200 * MS : 0,
                     .value[OWNER_PROTOCOL][ARTICLE_POLL] = 100 * MS,
                     .value[OWNER_PROTOCOL][ARTICLE_REPORT] = seed & 16 ? 250 * MS : 0},
        .result.id = NOBODY,
        .rng = seed * 2 + 1,
    };
    for (int id = 0; id <= NODES; id++) {
        ops.members[id].process = process_new((uint16_t)id);
        ops.members[id].next_ns = (int64_t)(1 + roll(&ops, 1000)) * MS; /* 0 is no time */
        ops.votes[id] = (struct vote){.id = (uint16_t)id, .status = STATUS_UNKNOWN};
    }
    for (int i = 0; i < FLIGHTS; i++) {
        ops.flights[i].applies_ns = NEVER;
    }
    return ops;
}

/* All follow the published leader; he is whom the rules give for what is reported; and where nodes
 * report now and then, what is reported is true. */
static void all_are_settled(const struct host_ops *ops, uint64_t seed)
{
    struct ballot truth = {ops->read, 0};
    struct vote votes[NODES + 1];
    for (int id = 0; id <= NODES; id++) {
        const struct process *process = &ops->members[id].process;
        if (process->claim.follows != ops->result.id) {
            fail_msg("seed %llu: %d follows %d, elected is %d", (unsigned long long)seed, id,
                     process->claim.follows, ops->result.id);
        }
        if (ops->votes[id].status != STATUS_UNKNOWN) {
            /* A late report may overwrite a newer one, and only a node's next one fixes that. */
            if (ops->settings.value[OWNER_PROTOCOL][ARTICLE_REPORT] > 0 && id != MASTER_ID) {
                assert_int_equal(ops->votes[id].status, process->claim.status);
            }
            votes[truth.count++] = ops->votes[id];
        }
        assert_int_equal(process->claim.leads, id == ops->result.id);
    }
    truth.votes = votes;
    const struct protocol_row *row = protocol_rows[ops->settings.row[OWNER_PROTOCOL]];
    assert_int_equal(row->rules(&ops->settings, truth, ops->result.id).leader, ops->result.id);
}

static void run(const char *lock, uint64_t seeds)
{
    int timeouts = 0, late = 0, cleared = 0, given_up = 0;
    for (uint64_t seed = 0; seed < seeds; seed++) {
        static struct host_ops ops; /* too large for the stack of a small machine */
        ops = new_world(seed, lock);
        while (happen(&ops)) {
        }
        all_are_settled(&ops, seed);
        timeouts += ops.timeouts;
        late += ops.late;
        cleared += ops.cleared;
        given_up += ops.given_up;
    }
    print_message("%s: %d timeouts, %d late, %d given back, %d given up\n", lock, timeouts, late,
                  cleared, given_up);
    assert_true(timeouts > 0 && late > 0);
    if (strcmp(lock, "token") == 0) {
        assert_true(cleared > 0 && given_up > 0);
    }
}

static void the_token_lock_excludes_and_all_settle(void **state)
{
    (void)state;
    run("token", 400);
}

static void without_a_lock_all_settle_too(void **state)
{
    (void)state;
    run("none", 100);
}

static void protocols_are_found_by_name(void **state)
{
    (void)state;
    assert_int_equal(owner_find(OWNER_PROTOCOL, "article"), 0);
    assert_int_equal(owner_find(OWNER_PROTOCOL, "no such protocol"), -1);
    assert_true(strlen(protocol_rows[0]->summary) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_token_lock_excludes_and_all_settle),
        cmocka_unit_test(without_a_lock_all_settle_too),
        cmocka_unit_test(protocols_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
