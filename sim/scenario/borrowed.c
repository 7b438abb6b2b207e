/* Words that people bring along. See borrowed.h. */
#include "sim/scenario/borrowed.h"

#include <stdio.h>
#include <string.h>

#define ANYWHERE (IN_FAULT | IN_TARGET | IN_KEYS | IN_VALUES)

/* Said in several places. */
#define FULL "hustings says oom: {at: 1s, oom: redis, for: 1s}"
#define NO_REPLICAS                                                                                \
    "there are no replicas, Sentinels or clusters yet; a Redis goes by {at: 1s, crash: redis, "    \
    "for: 1s}"
#define SEVERAL "several servers are redis: {topology: independent, servers: 5}"
#define WHICH                                                                                      \
    "a server is redis 2, where there are several; a link to it: {at: 1s, cut: 3, server: redis "  \
    "2}"

const struct borrowed_row borrowed_rows[] = {
    /* processes */
    {"kill|sigkill|kill_9|sigterm|terminate|fail|die|down|shutdown|reboot|pod_kill|container_kill",
     IN_FAULT, "hustings says crash: {at: 2s, crash: 3, for: 1s}"},
    {"stop", IN_FAULT, "crash kills, pause stops for a while: {at: 2s, pause: 3, for: 1s}"},
    {"start|recover|revive", IN_FAULT, "what crashed comes back by restart: {at: 4s, restart: 3}"},
    {"heal", IN_FAULT, "a fault ends by its own for: {at: 1s, cut: 3, for: 2s}"},
    {"sigstop|freeze|suspend|hang|sleep|gc|gc_pause|stop_the_world|cpu_stress", IN_FAULT,
     "hustings says pause: {at: 2s, pause: 3, for: 1s}"},
    {"sigcont|continue|unpause|unfreeze", IN_FAULT, "hustings says resume: {at: 4s, resume: 2}"},
    {"set_status|submit", IN_FAULT, "hustings says flip: {at: 2s, flip: 4, to: submit}"},
    {"hold|linger", IN_FAULT, "hustings says hold_lock: {at: 1s, hold_lock: 2, for: 3s}"},
    {"gc_pauses|gc_log|stalls", IN_FAULT,
     "pauses from a log stand at the top of the file: pauses, with table: gc.log below it"},
    /* links */
    {"partition|network_partition|netsplit|split|isolate|blackhole|block|unplug|network_down",
     IN_FAULT, "hustings says cut: {at: 1s, cut: 3, for: 2s}"},
    {"disconnect", IN_FAULT,
     "reset breaks a connection, cut holds all back: {at: 1s, cut: 3, for: 2s}"},
    {"close|rst|reset_peer|connection_reset", IN_FAULT, "hustings says reset: {at: 1s, reset: 3}"},
    {"packet_loss|loss|lose_request|lose_requests|percent", IN_FAULT,
     "hustings says lose: {at: 1s, lose: 3, share: 20, for: 2s}, or lose_reply for the answers"},
    {"drop_packets|iptables|firewall", IN_FAULT,
     "hustings says cut, with drop: {at: 1s, cut: 3, drop: true, for: 2s}; or lose for a share"},
    {"timeout", IN_FAULT,
     "an answer that never comes: {at: 1s, lose_reply: 3}; all of them: add for: 2s"},
    {"latency|lag|network_delay|packet_delay|netem|by_ms|amount", IN_FAULT,
     "hustings says delay: {at: 1s, delay: 3, by: 50ms, for: 2s}"},
    {"bandwidth|throttle|rate_limit", IN_FAULT,
     "hustings says slow: {at: 1s, slow: 3, rate: 2000, for: 1s}"},
    {"duplicate|reorder|corrupt", IN_FAULT,
     "there is no such fault: TCP repairs that; a request is repeated after {at: 1s, lose_reply: "
     "3}"},
    /* the Redis */
    {"flush|flushall|flushdb|wipe|data_loss", IN_FAULT,
     "a Redis that saves nothing loses all data by {at: 1s, crash: redis, for: 100ms}"},
    {"script_flush", IN_FAULT, "hustings says forget_scripts: {at: 1s, forget_scripts: redis}"},
    {"power_failure|power_off", IN_FAULT,
     "hustings says power_loss: {at: 1s, power_loss: redis, for: 500ms}"},
    {"out_of_memory|maxmemory", IN_FAULT, FULL},
    {"disk_full|misconf|noreplicas|readonly|read_only|reject_writes", IN_FAULT,
     "hustings says refuse: {at: 1s, refuse: redis, error: NOREPLICAS, for: 1s}; oom for its "
     "memory"},
    {"OOM", IN_VALUES, FULL},
    {"expire|lock_expires|delete_lock", IN_FAULT,
     "hustings says expire_lock: {at: 1s, expire_lock: lock}"},
    {"eviction", IN_FAULT, "hustings says evict: {at: 1s, evict: lock}"},
    {"failover|promote", IN_FAULT, NO_REPLICAS},
    /* clocks */
    {"clock_skew|skew|clock|clock_jump|time_jump", IN_FAULT,
     "hustings says jump: {at: 1s, jump: redis, by: 60s}, and drift for a wrong rate"},
    {"clock_drift", IN_FAULT, "hustings says drift: {at: 1s, drift: 3, ppm: 50000, for: 2s}"},
    /* when, how long, how often */
    {"duration|seconds|ms|length|lasts", IN_FAULT,
     "how long a fault lasts is for: {at: 2s, pause: 3, for: 1s}"},
    {"time", IN_FAULT, "the time of a fault is at: {at: 2s, crash: 3}"},
    {"interval|period|repeat", IN_FAULT,
     "what comes again has every: {every: 500ms, until: 3s, crash: any, for: 100ms}"},
    {"probability|random|chance", IN_FAULT,
     "chance is randomly: {randomly: {mean: 400ms}, crash: any, for: 100ms}"},
    {"on|event|trigger|if|who|does", IN_FAULT,
     "a moment is when: {when: {who: 2, does: acquires_lock}, pause: 2, for: 3s}"},
    {"type|kind|action|fault", IN_FAULT, "the fault itself is the key: {at: 2s, crash: 3}"},
    {"target|node", IN_FAULT, "the target is the fault's value: {at: 2s, crash: 3}"},
    {"nodes", IN_FAULT, "the target is the fault's value: {at: 2s, crash: [1, 2]}"},
    /* whom */
    {"all|everybody|everyone|nodes|followers", IN_TARGET,
     "write a list, or others for all but the leader: {at: 2s, pause: others, for: 1s}"},
    {"random|follower|node|one", IN_TARGET,
     "write a node's number, or any for one that is drawn: {at: 2s, crash: any, for: 1s}"},
    {"holder|owner|lock_owner", IN_TARGET,
     "hustings says lock_holder: {at: 2s, pause: lock_holder, for: 3s}"},
    {"primary|replica|slave", IN_TARGET, NO_REPLICAS},
    {"server|store|database", IN_TARGET, "hustings says redis: {at: 1s, stall: redis, for: 600ms}"},
    {"servers", IN_TARGET, WHICH},
    {"instance", IN_TARGET | IN_FAULT, WHICH},
    {"from|link|between|servers", IN_FAULT, WHICH},
    {"quorum|most|half", IN_TARGET,
     "of several servers, write majority or minority: {at: 1s, crash: minority, for: 1s}"},
    {"network", IN_TARGET, "name whose link it is: {at: 1s, cut: [1, 2], for: 2s}"},
    /* the other keys */
    {"replicas", IN_KEYS, "write nodes: 5 for the processes; servers have no replicas yet"},
    {"members|processes|participants|size", IN_KEYS, "hustings says nodes: 5"},
    {"runtime", IN_KEYS, "hustings says duration: 6s"},
    {"timeout", IN_KEYS, "a request's is request_timeout: 1s; the run's is duration: 6s"},
    {"p75|p95|p98|p999|p100|average", IN_KEYS, "write p50, p90, p99 or max, in ms: p90: 500"},
    {"runs|repeat|repetitions|iterations", IN_KEYS, "hustings says trials: 20"},
    {"description|summary", IN_KEYS, "hustings says about: what happens, and what to watch"},
    {"title", IN_KEYS, "hustings says name: my-first, and about: for a sentence"},
    {"nemesis|chaos|failures|events|actions|steps", IN_KEYS,
     "hustings says faults: [{at: 2s, crash: 3}]"},
    {"assert|assertions|invariants|properties|expectations", IN_KEYS,
     "hustings says expect: {checks: {dead_leader: always}}"},
    {"algorithm|election", IN_KEYS, "hustings says protocol: article"},
    {"lease|lease_duration", IN_KEYS,
     "hustings says protocol: lease, and its duration stands below that"},
    {"fencing|fence|fencing_token|fencing_tokens", IN_KEYS | IN_VALUES,
     "fencing: true stands at the top, beside a lock that can fence: hustings list locks"},
    {"stalls|gc|gc_log|gc_pauses", IN_KEYS, "hustings says pauses, with table: gc.log below it"},
    {"instances|masters|mode", IN_KEYS, SEVERAL},
    {"sentinel|sentinels", ANYWHERE, NO_REPLICAS},
    {"cluster", IN_TARGET | IN_KEYS | IN_VALUES, NO_REPLICAS},
    {"quorum", IN_KEYS | IN_VALUES, SEVERAL},
    {"multi", IN_VALUES, SEVERAL},
    {"standalone", IN_VALUES, "hustings says topology: single"},
    {"delay", IN_KEYS, "the links' latency is network: {latency: 5ms}; a fault goes under faults:"},
    {"loss", IN_KEYS, "a fault goes under faults: [{at: 1s, lose: 3, share: 20, for: 2s}]"},
    /* the other words */
    {"redisson|raft|paxos|bully|zookeeper|etcd", IN_VALUES,
     "it is not there yet: hustings list protocols, hustings list locks"},
    {"redis_lock", IN_VALUES, "hustings says lock: token (redis-py's lock)"},
    {"set_nx", IN_VALUES, "lock: token is SET NX PX, lock: setnx is SETNX and EXPIRE"},
    {"leader", IN_VALUES, "who leads is in submit: {at: 2s, flip: 4, to: submit}"},
    {"follower|candidate", IN_VALUES,
     "who is willing to lead is in prepare: {at: 2s, flip: 4, to: prepare}"},
    {"split_brain", IN_VALUES, "hustings says two_leaders"},
    {"mutual_exclusion|mutex", IN_VALUES, "hustings says two_lock_holders"},
    {"deadlock", IN_VALUES, "hustings says starvation, of those who wait for the lock"},
    {"liveness", IN_VALUES, "hustings says no_leader"},
    {"agreement", IN_VALUES, "hustings says disagreement"},
    {"mandatory|required", IN_VALUES, "hustings says always"},
    {"forbidden", IN_VALUES, "hustings says never"},
    {NULL, 0, NULL},
};

/* Words for parameters of protocols and locks. Which of these is meant depends on the owner: a
 * lease's time to live is its duration. */
static const struct {
    const char *words, *param;
} params[] = {
    {"ttl|lease|lease_duration|leaseduration|lease_time|lease_timeout|expiry|expires|px",
     "duration"},
    {"duration|lease|lease_duration|lease_time|expiry|expires|px|ex|lock_ttl", "ttl"},
    {"timeout|request_timeout", "server_timeout"},
    {"timeout", "ttl"}, /* redis-py's Lock */
    {"renewdeadline|deadline|renew_timeout", "renew_deadline"},
    {"retry_period|retryperiod|retry_delay|retry_interval|interval|period|renew_interval|heartbeat|"
     "sleep",
     "retry"},
    {"jitter_factor|jitterfactor|retry_jitter", "jitter"},
    {"release_on_cancel|releaseoncancel", "release_on_stop"},
    {"blocking_timeout|wait_timeout|acquire_timeout", "wait"},
    {"clock_drift|clock_drift_factor|drift_factor", "drift"},
};

const char *borrowed_param(const char *text, size_t index)
{
    for (size_t i = 0; i < sizeof params / sizeof params[0]; i++) {
        if (words_among(text, params[i].words) && index-- == 0) {
            return params[i].param;
        }
    }
    return NULL;
}

/* A fault and a target that do not go together: "process" is a number, master, leader, … */
static const struct {
    const char *fault, *target, *hint;
} aims[] = {
    {"pause", "redis", "the Redis stands still by stall: {at: 1s, stall: redis, for: 600ms}"},
    {"resume", "redis", "a stall ends by its own for: {at: 1s, stall: redis, for: 600ms}"},
    {"cut", "redis", "name whose links are cut: {at: 1s, cut: [1, 2, master], for: 2s}"},
    {"delay", "redis", "name whose links are late: {at: 1s, delay: [1, 2], by: 5ms}"},
    {"slow", "redis", "name whose links are slow: {at: 1s, slow: [1, 2], rate: 2000}"},
    {"reset", "redis", "name whose connection breaks: {at: 1s, reset: 2}"},
    {"stall", "process", "a process stands still by pause: {at: 1s, pause: 3, for: 600ms}"},
    {"power_loss", "process", "a process dies by crash: {at: 1s, crash: 3}"},
    {"refuse", "process", "it is the Redis that refuses: {at: 1s, refuse: redis, for: 1s}"},
    {"oom", "process", "it is the Redis that refuses: {at: 1s, oom: redis, for: 1s}"},
    {"crash", "lock", "the lock goes by expire_lock, its holder by {at: 1s, crash: lock_holder}"},
    {"hold_lock", "lock", "name who lingers: {at: 1s, hold_lock: lock_holder, for: 3s}"},
    {"evict", "redis", "it is the lock that goes: {at: 1s, evict: lock}"},
    {"evict", "process", "it is the lock that goes: {at: 1s, evict: lock}"},
    {"wrong_type", "redis", "it is the lock's key: {at: 1s, wrong_type: lock, for: 1s}"},
};

const char *borrowed_find(enum borrowed_place place, const char *text)
{
    for (const struct borrowed_row *row = borrowed_rows; row->words; row++) {
        if ((row->places & (unsigned)place) && words_among(text, row->words)) {
            return row->hint;
        }
    }
    return NULL;
}

char *borrowed_suggest(enum borrowed_place place, const struct vocabulary *vocabulary,
                       const char *text, char *out, size_t size)
{
    const char *hint = borrowed_find(place, text);
    if (!hint) {
        return words_suggest(vocabulary, text, out, size);
    }
    snprintf(out, size, "%s", hint);
    return out;
}

const char *borrowed_aim(const char *fault, const char *target)
{
    bool place = strcmp(target, "redis") == 0 || strcmp(target, "lock") == 0;
    for (size_t i = 0; i < sizeof aims / sizeof aims[0]; i++) {
        if (strcmp(aims[i].fault, fault) == 0 &&
            strcmp(aims[i].target, place ? target : "process") == 0) {
            return aims[i].hint;
        }
    }
    return NULL;
}
