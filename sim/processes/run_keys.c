/* A trial's keys in a Redis that is not ours. While the trial runs, the driver keeps a sign of its
 * life there, which tells `hustings clean` to leave the keys alone (leftovers.h), and gives the
 * keys a TTL that ends long after the trial: should nobody come to remove them, they vanish.
 *
 * That TTL changes nothing that a process sees:
 *   nodes, election_result,   have none of their own. Writing the result anew takes the TTL off,
 *   epoch                     so it is renewed all the time.
 *   node_lock                 its TTL is the election's business. Only a lock that has none gets
 *                             one: that of the lock setnx, when its holder died too soon, and that
 *                             of the lock record, which never has one, and loses this one with each
 *                             renewal. It gets it by EXPIRE … NX, which a server older than Redis 7
 *                             does not know: it refuses that, and nothing happens. The lock is
 *                             still there when the trial ends.
 *   writes                    lies in the protected resource, which is a private server: here there
 *                             is no such key, and nothing happens.
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "sim/processes/leftovers.h"
#include "sim/processes/run_parts.h"
#include "sim/processes/server_verbs.h"
#include "src/units.h"

#define RENEW_EVERY_NS (5 * NS_PER_S)
#define OUTLIVES_SECONDS 3600

/* --- whether it is still there ---------------------------------------------------------------- */

static struct link *link_of(struct run *run)
{
    assert(!run->common->program);
    return &run->servers[0].subscription;
}

/* Before a command on the connection that looks after the Redis. */
static void mind_closed(struct run *run)
{
    if (link_of(run)->state == LINK_CLOSED) {
        run->servers[0].subscriptions++; /* it will be another */
    }
}

/* Which server it is: a restarted one has another id. Empty if it does not say. */
static void read_id(const redisReply *reply, char id[REDIS_ID])
{
    const char *found =
        reply && reply->type == REDIS_REPLY_STRING ? strstr(reply->str, "\nrun_id:") : NULL;
    id[0] = '\0';
    if (found) {
        snprintf(id, REDIS_ID, "%.40s", found + strlen("\nrun_id:"));
    }
}

static enum link_progress ask_id(struct run *run, char id[REDIS_ID])
{
    const char *const words[] = {"INFO", "server", NULL};
    redisReply *reply = NULL;
    mind_closed(run);
    enum link_progress progress = link_try(link_of(run), words, &reply);
    read_id(reply, id);
    freeReplyObject(reply);
    return progress;
}

/* Whether it is still there and the same; if not, the world failed. */
static enum link_progress check_redis(struct run *run)
{
    struct trial_server *server = &run->servers[0];
    char id[REDIS_ID], telling[LINK_TELLING];
    enum link_progress progress = ask_id(run, id);
    if (progress == LINK_FAILED && !link_of(run)->refused_by_server) {
        link_tell(link_of(run), telling, sizeof telling);
        run_fail(run, "the Redis went away in the middle of trial %u: %s", run->number, telling);
    } else if (progress != LINK_PENDING && strcmp(id, server->redis_id) != 0) {
        run_fail(run, "the Redis at %s was restarted in the middle of trial %u",
                 server->control.address.shown, run->number);
    }
    return progress;
}

/* --- its keys --------------------------------------------------------------------------------- */

static void name_sign(const struct run *run, char *sign, size_t size)
{
    snprintf(sign, size, "%s" LEFTOVERS_SIGN, run->prefix);
}

/* As long as the trial can last, and an hour. */
static void write_ttl(const struct run *run, char *ttl, size_t size)
{
    assert(run->scenario->duration_ns > 0);
    int64_t lasts_ns = run->scenario->duration_ns + run->scenario->expect.settles_within_ns;
    snprintf(ttl, size, "%" PRId64, lasts_ns / NS_PER_S + OUTLIVES_SECONDS);
}

/* Queues the commands. Returns how many. */
static int put_signs(struct run *run)
{
    char sign[PREFIX_MAX + sizeof LEFTOVERS_SIGN];
    char lives[16];
    char ttl[24];
    assert(run->keys_due_ns > 0); /* from now on there is something to be removed */
    name_sign(run, sign, sizeof sign);
    write_ttl(run, ttl, sizeof ttl);
    snprintf(lives, sizeof lives, "%d", LEFTOVERS_SIGN_SECONDS);
    const char *const set[] = {"SET", sign, "1", "EX", lives, NULL};
    link_put(&run->servers[0].subscription, set);
    for (int i = 0; i < STORE_KEYS; i++) {
        const char *const keep[] = {"EXPIRE", run->servers[0].subscription.keys.names[i], ttl,
                                    i == KEY_LOCK ? "NX" : NULL, NULL};
        link_put(&run->servers[0].subscription, keep);
    }
    return 1 + STORE_KEYS;
}

/* Queues the commands. Returns how many. */
static int put_removal(struct run *run)
{
    char sign[PREFIX_MAX + sizeof LEFTOVERS_SIGN];
    name_sign(run, sign, sizeof sign);
    for (int i = 0; i <= STORE_KEYS; i++) { /* the sign last: until then the trial lives */
        const char *name = i < STORE_KEYS ? link_of(run)->keys.names[i] : sign;
        const char *const remove_one[] = {"DEL", name, NULL};
        link_put(link_of(run), remove_one);
    }
    return 1 + STORE_KEYS;
}

/* Sends commands when it has been seen that the connection is there. */
static enum link_progress begin_commands(struct run *run, int (*put)(struct run *run))
{
    mind_closed(run);
    enum link_progress progress = link_try_ping(link_of(run));
    if (progress == LINK_ANSWERED) {
        run->keys_awaited = put(run);
        assert(run->keys_awaited > 0);
        link_send_put(link_of(run));
    }
    return progress;
}

/* A refusal is one to the members, too, and told by them. */
static enum link_progress hear_commands(struct run *run)
{
    enum link_progress progress = LINK_ANSWERED;
    assert(run->keys_awaited >= 0);
    while (run->keys_awaited > 0 && progress == LINK_ANSWERED) {
        redisReply *reply = NULL;
        progress = link_look(link_of(run), &reply);
        run->keys_refused = run->keys_refused || (reply && reply->type == REDIS_REPLY_ERROR);
        run->keys_awaited -= progress == LINK_ANSWERED;
        freeReplyObject(reply);
    }
    return progress;
}

/* --- what is under way ------------------------------------------------------------------------ */

static void go_on(struct run *run, enum link_progress progress, enum keys_work answered,
                  enum keys_work failed)
{
    assert(run->keys_work != KEYS_REST && run->keys_work != KEYS_OVER);
    if (progress == LINK_ANSWERED) {
        run->keys_work = (uint8_t)answered;
    } else if (progress == LINK_FAILED) {
        run->keys_work = (uint8_t)failed;
    }
}

static void leave_off(struct run *run)
{
    enum link_progress progress = hear_commands(run);
    if (progress == LINK_ANSWERED && !run->keys_refused) {
        run->keys_due_ns = 0;
    }
    go_on(run, progress, KEYS_OVER, KEYS_OVER);
}

/* One look at what is under way. */
static void look(struct run *run)
{
    switch ((enum keys_work)run->keys_work) {
    case KEYS_ASKS_ID:
        go_on(run, ask_id(run, run->servers[0].redis_id), KEYS_REST, KEYS_REST);
        break;
    case KEYS_BEGINS:
        go_on(run, begin_commands(run, put_signs), KEYS_HEARS, KEYS_CHECKS);
        break;
    case KEYS_HEARS:
        go_on(run, hear_commands(run), KEYS_REST, KEYS_CHECKS);
        break;
    case KEYS_CHECKS:
        go_on(run, check_redis(run), KEYS_REST, KEYS_REST);
        break;
    case KEYS_CHECKS_LAST:
        go_on(run, check_redis(run), KEYS_LEAVES, KEYS_OVER);
        break;
    case KEYS_LEAVES:
        /* What the processes had sent when they died has been applied once the server answers. */
        run_dismiss_members(run);
        go_on(run, begin_commands(run, put_removal), KEYS_HEARS_LAST, KEYS_OVER);
        break;
    case KEYS_HEARS_LAST:
        leave_off(run);
        break;
    case KEYS_REST:
    case KEYS_OVER:
        break;
    }
}

bool run_redis_is_known(struct run *run)
{
    if (run->common->program) {
        return true;
    }
    assert(run->state == RUN_BOOTING);
    if (!run->keys_begun) {
        run->keys_begun = true;
        run->keys_work = KEYS_ASKS_ID;
    }
    look(run);
    return run->keys_work == KEYS_REST;
}

void run_keep_keys(struct run *run)
{
    if (run->common->program || run->failed) {
        return;
    }
    if (run->keys_work == KEYS_REST && monotonic_ns() >= run->keys_due_ns) {
        run->keys_due_ns = monotonic_ns() + RENEW_EVERY_NS;
        run->keys_work = KEYS_BEGINS;
    }
    look(run);
}

void run_listen_to_redis(struct run *run)
{
    char byte;
    if (run->keys_work != KEYS_REST) {
        return; /* it is looked at in the trial's turn */
    }
    assert(link_of(run)->redis);
    ssize_t got = recv(link_of(run)->redis->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN)) {
        link_close(link_of(run));
        run->keys_work = KEYS_CHECKS;
    }
}

bool run_has_left(struct run *run)
{
    assert(run->state == RUN_LEAVING);
    if (run->keys_work < KEYS_CHECKS_LAST) {
        if (run->keys_work != KEYS_REST) { /* what is under way is given up */
            link_close(link_of(run));
        }
        run->keys_work = KEYS_CHECKS_LAST;
    }
    look(run);
    return run->keys_work == KEYS_OVER;
}

/* Waits: if this has not been done yet, since the run was broken off, or has failed. */
void run_remove_keys(struct run *run)
{
    char sign[PREFIX_MAX + sizeof LEFTOVERS_SIGN];
    const char *names[STORE_KEYS + 1];
    if (run->common->program || run->keys_due_ns == 0) {
        return;
    }
    for (int i = 0; i < STORE_KEYS; i++) {
        names[i] = run->servers[0].control.keys.names[i];
    }
    name_sign(run, sign, sizeof sign);
    names[STORE_KEYS] = sign; /* last: until then the trial lives */
    bool good = link_pings(&run->servers[0].control);
    for (int i = 0; i <= STORE_KEYS && good; i++) {
        const char *const remove_one[] = {"DEL", names[i], NULL};
        good = link_demand(&run->servers[0].control, remove_one);
    }
    if (!good) {
        run_fail(run, "cannot remove the keys of trial %u: %s; later: hustings clean --redis URL",
                 run->number, run->servers[0].control.error);
    }
}

void run_remove_all_keys(void *self)
{
    const struct run_common *common = self;
    struct link link;
    link_init(&link, &common->address, common->prefix, 1000);
    leftovers_remove_run(&link, common->prefix);
    link_close(&link);
}
