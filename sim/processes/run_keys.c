/* A trial's keys in a Redis that is not ours. While the trial runs, the driver keeps a sign of its
 * life there, which tells `hustings clean` to leave the keys alone (leftovers.h), and gives the
 * keys a TTL that ends long after the trial: should nobody come to remove them, they vanish.
 *
 * That TTL changes nothing that a process sees:
 *   nodes, election_result    have none of their own. Writing the result anew takes the TTL off,
 *                             so it is renewed all the time.
 *   node_lock                 its TTL is the election's business. Only a lock that has none (of the
 *                             lock setnx, when its holder died too soon) gets one, by EXPIRE … NX,
 *                             which a server older than Redis 7 does not know: it refuses that, and
 *                             nothing happens. The lock is still there when the trial ends.
 */
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

/* Which server it is: a restarted one has another id. Empty if it does not say. */
static void ask_id(struct trial_server *server, char *id, size_t size)
{
    const char *const words[] = {"INFO", "server", NULL};
    redisReply *reply = link_command(&server->control, words);
    const char *found =
        reply && reply->type == REDIS_REPLY_STRING ? strstr(reply->str, "\nrun_id:") : NULL;
    id[0] = '\0';
    if (found) {
        snprintf(id, size, "%.40s", found + strlen("\nrun_id:"));
    }
    freeReplyObject(reply);
}

void run_remember_redis(struct run *run)
{
    struct trial_server *server = &run->servers[0];
    ask_id(server, server->redis_id, sizeof server->redis_id);
}

void run_still_there(struct run *run)
{
    struct trial_server *server = &run->servers[0];
    char id[sizeof server->redis_id];
    if (run->common->program) {
        return;
    }
    if (!server_answers_us(server)) {
        char what[64];
        snprintf(what, sizeof what, "the Redis went away in the middle of trial %u: ", run->number);
        run_fail_link(server, what);
        return;
    }
    ask_id(server, id, sizeof id);
    if (strcmp(id, server->redis_id) != 0) {
        run_fail(run, "the Redis at %s was restarted in the middle of trial %u",
                 server->control.address.shown, run->number);
    }
}

void run_listen_to_redis(struct run *run)
{
    struct trial_server *server = &run->servers[0];
    char byte;
    ssize_t got = recv(server->control.redis->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got == 0 || (got < 0 && errno != EAGAIN)) {
        link_close(&server->control);
        server->subscriptions++; /* the connection is another now, if there is one */
        run_still_there(run);
    }
}

/* --- its keys --------------------------------------------------------------------------------- */

static void name_sign(const struct run *run, char *sign, size_t size)
{
    snprintf(sign, size, "%s" LEFTOVERS_SIGN, run->prefix);
}

/* As long as the trial can last, and an hour. */
static void write_ttl(const struct run *run, char *ttl, size_t size)
{
    int64_t lasts_ns = run->scenario->duration_ns + run->scenario->expect.settles_within_ns;
    snprintf(ttl, size, "%" PRId64, lasts_ns / NS_PER_S + OUTLIVES_SECONDS);
}

/* Queues the commands. Returns how many. */
static int put_signs(struct run *run)
{
    char sign[PREFIX_MAX + sizeof LEFTOVERS_SIGN];
    char lives[16];
    char ttl[24];
    name_sign(run, sign, sizeof sign);
    write_ttl(run, ttl, sizeof ttl);
    snprintf(lives, sizeof lives, "%d", LEFTOVERS_SIGN_SECONDS);
    const char *const set[] = {"SET", sign, "1", "EX", lives, NULL};
    link_put(&run->servers[0].control, set);
    for (int i = 0; i < STORE_KEYS; i++) {
        const char *const keep[] = {"EXPIRE", run->servers[0].control.keys.names[i], ttl,
                                    i == KEY_LOCK ? "NX" : NULL, NULL};
        link_put(&run->servers[0].control, keep);
    }
    return 1 + STORE_KEYS;
}

void run_keep_keys(struct run *run)
{
    if (run->common->program || run->failed || monotonic_ns() < run->keys_due_ns) {
        return;
    }
    run->keys_due_ns = monotonic_ns() + RENEW_EVERY_NS;
    int count =
        run->servers[0].control.redis || link_open(&run->servers[0].control) ? put_signs(run) : 0;
    bool answered = count > 0;
    for (int i = 0; i < count && answered; i++) {
        redisReply *reply = link_take(&run->servers[0].control);
        answered = reply != NULL;
        freeReplyObject(reply); /* a refusal is one to the members, too, and told by them */
    }
    if (!answered) {
        run->servers[0].subscriptions++; /* the connection is another now, if there is one */
        run_still_there(run);
    }
}

/* What the processes had sent when they died has been applied once the server answers. */
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
    bool good = server_answers_us(&run->servers[0]);
    for (int i = 0; i <= STORE_KEYS && good; i++) {
        const char *const remove_one[] = {"DEL", names[i], NULL};
        good = link_demand(&run->servers[0].control, remove_one);
    }
    if (!good) {
        run_fail(run, "cannot remove the keys of trial %u: %s; later: hustings clean --redis URL",
                 run->number, run->servers[0].control.error);
    }
}
