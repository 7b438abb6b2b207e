/* Words that people bring along. See borrowed.h. */
#include "sim/scenario/borrowed.h"

#include <stdio.h>
#include <string.h>

#define ANYWHERE (IN_FAULT | IN_TARGET | IN_KEYS | IN_VALUES)

#define CRASH "hustings says crash: {at: 2s, crash: 3, for: 1s}"
#define PAUSE "hustings says pause: {at: 2s, pause: 3, for: 1s}"
#define CUT "hustings says cut: {at: 1s, cut: 3, for: 2s}"
#define LOST                                                                                       \
    "hustings says lose: {at: 1s, lose: 3, share: 20, for: 2s}, or lose_reply for the answers"
#define DROP                                                                                       \
    "hustings says cut, with drop: {at: 1s, cut: 3, drop: true, for: 2s}; or lose for a share"
#define DELAY "hustings says delay: {at: 1s, delay: 3, by: 50ms, for: 2s}"
#define RESET "hustings says reset: {at: 1s, reset: 3}"
#define SLOW "hustings says slow: {at: 1s, slow: 3, rate: 2000, for: 1s}"
#define TCP                                                                                        \
    "there is no such fault: TCP repairs that; a request is repeated after {at: 1s, lose_reply: "  \
    "3}"
#define JUMP "hustings says jump: {at: 1s, jump: redis, by: 60s}, and drift for a wrong rate"
#define DRIFT "hustings says drift: {at: 1s, drift: 3, ppm: 50000, for: 2s}"
#define EMPTY "a Redis that saves nothing loses all data by {at: 1s, crash: redis, for: 100ms}"
#define FULL "hustings says oom: {at: 1s, oom: redis, for: 1s}"
#define REFUSE                                                                                     \
    "hustings says refuse: {at: 1s, refuse: redis, error: NOREPLICAS, for: 1s}; oom for its "      \
    "memory"
#define POWER "hustings says power_loss: {at: 1s, power_loss: redis, for: 500ms}"
#define FOR "how long a fault lasts is for: {at: 2s, pause: 3, for: 1s}"
#define NO_REPLICAS                                                                                \
    "there are no replicas, Sentinels or clusters yet; a Redis goes by {at: 1s, crash: redis, "    \
    "for: 1s}"
#define SEVERAL "several servers are redis: {topology: independent, servers: 5}"
#define WHICH                                                                                      \
    "a server is redis 2, where there are several; a link to it: {at: 1s, cut: 3, server: redis "  \
    "2}"
#define MOST "of several servers, write majority or minority: {at: 1s, crash: minority, for: 1s}"
#define NODE "write a node's number, or any for one that is drawn: {at: 2s, crash: any, for: 1s}"
#define HOLDER "hustings says lock_holder: {at: 2s, pause: lock_holder, for: 3s}"
#define SERVER "hustings says redis: {at: 1s, stall: redis, for: 600ms}"
#define ALL "write a list, or others for all but the leader: {at: 2s, pause: others, for: 1s}"
#define AGAIN "what comes again has every: {every: 500ms, until: 3s, crash: any, for: 100ms}"
#define RANDOM "chance is randomly: {randomly: {mean: 400ms}, crash: any, for: 100ms}"
#define MOMENT "a moment is when: {when: {who: 2, does: acquires_lock}, pause: 2, for: 3s}"
#define LEASE "hustings says protocol: lease, and its duration stands below that"
#define NOT_YET "it is not there yet: hustings list protocols, hustings list locks"
#define PERCENTILES "write p50, p90, p99 or max, in ms: p90: 500"
#define FAULTS "hustings says faults: [{at: 2s, crash: 3}]"
#define EXPECT "hustings says expect: {checks: {dead_leader: always}}"

const struct borrowed_row borrowed_rows[] = {
    /* processes */
    {"kill", IN_FAULT, CRASH},
    {"sigkill", IN_FAULT, CRASH},
    {"kill_9", IN_FAULT, CRASH},
    {"sigterm", IN_FAULT, CRASH},
    {"terminate", IN_FAULT, CRASH},
    {"stop", IN_FAULT, "crash kills, pause stops for a while: {at: 2s, pause: 3, for: 1s}"},
    {"fail", IN_FAULT, CRASH},
    {"die", IN_FAULT, CRASH},
    {"down", IN_FAULT, CRASH},
    {"shutdown", IN_FAULT, CRASH},
    {"reboot", IN_FAULT, CRASH},
    {"pod_kill", IN_FAULT, CRASH},
    {"container_kill", IN_FAULT, CRASH},
    {"start", IN_FAULT, "what crashed comes back by restart: {at: 4s, restart: 3}"},
    {"recover", IN_FAULT, "what crashed comes back by restart: {at: 4s, restart: 3}"},
    {"revive", IN_FAULT, "what crashed comes back by restart: {at: 4s, restart: 3}"},
    {"heal", IN_FAULT, "a fault ends by its own for: {at: 1s, cut: 3, for: 2s}"},
    {"sigstop", IN_FAULT, PAUSE},
    {"freeze", IN_FAULT, PAUSE},
    {"suspend", IN_FAULT, PAUSE},
    {"hang", IN_FAULT, PAUSE},
    {"sleep", IN_FAULT, PAUSE},
    {"gc", IN_FAULT, PAUSE},
    {"gc_pause", IN_FAULT, PAUSE},
    {"stop_the_world", IN_FAULT, PAUSE},
    {"cpu_stress", IN_FAULT, PAUSE},
    {"sigcont", IN_FAULT, "hustings says resume: {at: 4s, resume: 2}"},
    {"continue", IN_FAULT, "hustings says resume: {at: 4s, resume: 2}"},
    {"unpause", IN_FAULT, "hustings says resume: {at: 4s, resume: 2}"},
    {"unfreeze", IN_FAULT, "hustings says resume: {at: 4s, resume: 2}"},
    {"set_status", IN_FAULT, "hustings says flip: {at: 2s, flip: 4, to: submit}"},
    {"submit", IN_FAULT, "hustings says flip: {at: 2s, flip: 4, to: submit}"},
    {"work", IN_FAULT, "hustings says hold_lock: {at: 1s, hold_lock: 2, for: 3s}"},
    /* links */
    {"partition", IN_FAULT, CUT},
    {"network_partition", IN_FAULT, CUT},
    {"netsplit", IN_FAULT, CUT},
    {"split", IN_FAULT, CUT},
    {"isolate", IN_FAULT, CUT},
    {"blackhole", IN_FAULT, CUT},
    {"block", IN_FAULT, CUT},
    {"unplug", IN_FAULT, CUT},
    {"network_down", IN_FAULT, CUT},
    {"disconnect", IN_FAULT,
     "reset breaks a connection, cut holds all back: {at: 1s, cut: 3, for: 2s}"},
    {"close", IN_FAULT, RESET},
    {"rst", IN_FAULT, RESET},
    {"reset_peer", IN_FAULT, RESET},
    {"connection_reset", IN_FAULT, RESET},
    {"packet_loss", IN_FAULT, LOST},
    {"loss", IN_FAULT, LOST},
    {"lose_request", IN_FAULT, LOST},
    {"lose_requests", IN_FAULT, LOST},
    {"drop_packets", IN_FAULT, DROP},
    {"iptables", IN_FAULT, DROP},
    {"firewall", IN_FAULT, DROP},
    {"timeout", IN_FAULT,
     "an answer that never comes: {at: 1s, lose_reply: 3}; all of them: add for: 2s"},
    {"latency", IN_FAULT, DELAY},
    {"lag", IN_FAULT, DELAY},
    {"network_delay", IN_FAULT, DELAY},
    {"packet_delay", IN_FAULT, DELAY},
    {"netem", IN_FAULT, DELAY},
    {"bandwidth", IN_FAULT, SLOW},
    {"throttle", IN_FAULT, SLOW},
    {"rate_limit", IN_FAULT, SLOW},
    {"duplicate", IN_FAULT, TCP},
    {"reorder", IN_FAULT, TCP},
    {"corrupt", IN_FAULT, TCP},
    /* the Redis */
    {"flush", IN_FAULT, EMPTY},
    {"flushall", IN_FAULT, EMPTY},
    {"flushdb", IN_FAULT, EMPTY},
    {"wipe", IN_FAULT, EMPTY},
    {"data_loss", IN_FAULT, EMPTY},
    {"script_flush", IN_FAULT, "hustings says forget_scripts: {at: 1s, forget_scripts: redis}"},
    {"power_failure", IN_FAULT, POWER},
    {"power_off", IN_FAULT, POWER},
    {"out_of_memory", IN_FAULT, FULL},
    {"maxmemory", IN_FAULT, FULL},
    {"disk_full", IN_FAULT, REFUSE},
    {"misconf", IN_FAULT, REFUSE},
    {"noreplicas", IN_FAULT, REFUSE},
    {"readonly", IN_FAULT, REFUSE},
    {"read_only", IN_FAULT, REFUSE},
    {"reject_writes", IN_FAULT, REFUSE},
    {"OOM", IN_VALUES, FULL},
    {"expire", IN_FAULT, "hustings says expire_lock: {at: 1s, expire_lock: lock}"},
    {"lock_expires", IN_FAULT, "hustings says expire_lock: {at: 1s, expire_lock: lock}"},
    {"delete_lock", IN_FAULT, "hustings says expire_lock: {at: 1s, expire_lock: lock}"},
    {"eviction", IN_FAULT, "hustings says evict: {at: 1s, evict: lock}"},
    {"failover", IN_FAULT, NO_REPLICAS},
    {"promote", IN_FAULT, NO_REPLICAS},
    /* clocks */
    {"clock_skew", IN_FAULT, JUMP},
    {"skew", IN_FAULT, JUMP},
    {"clock", IN_FAULT, JUMP},
    {"clock_jump", IN_FAULT, JUMP},
    {"time_jump", IN_FAULT, JUMP},
    {"clock_drift", IN_FAULT, DRIFT},
    /* when, how long, how often */
    {"duration", IN_FAULT, FOR},
    {"seconds", IN_FAULT, FOR},
    {"ms", IN_FAULT, FOR},
    {"length", IN_FAULT, FOR},
    {"lasts", IN_FAULT, FOR},
    {"by_ms", IN_FAULT, DELAY},
    {"amount", IN_FAULT, DELAY},
    {"time", IN_FAULT, "the time of a fault is at: {at: 2s, crash: 3}"},
    {"interval", IN_FAULT, AGAIN},
    {"period", IN_FAULT, AGAIN},
    {"repeat", IN_FAULT, AGAIN},
    {"percent", IN_FAULT, LOST},
    {"probability", IN_FAULT, RANDOM},
    {"random", IN_FAULT, RANDOM},
    {"chance", IN_FAULT, RANDOM},
    {"on", IN_FAULT, MOMENT},
    {"event", IN_FAULT, MOMENT},
    {"trigger", IN_FAULT, MOMENT},
    {"if", IN_FAULT, MOMENT},
    {"type", IN_FAULT, "the fault itself is the key: {at: 2s, crash: 3}"},
    {"kind", IN_FAULT, "the fault itself is the key: {at: 2s, crash: 3}"},
    {"action", IN_FAULT, "the fault itself is the key: {at: 2s, crash: 3}"},
    {"fault", IN_FAULT, "the fault itself is the key: {at: 2s, crash: 3}"},
    {"target", IN_FAULT, "the target is the fault's value: {at: 2s, crash: 3}"},
    {"node", IN_FAULT, "the target is the fault's value: {at: 2s, crash: 3}"},
    {"nodes", IN_FAULT, "the target is the fault's value: {at: 2s, crash: [1, 2]}"},
    {"who", IN_FAULT, MOMENT},
    {"does", IN_FAULT, MOMENT},
    /* whom */
    {"all", IN_TARGET, ALL},
    {"everybody", IN_TARGET, ALL},
    {"everyone", IN_TARGET, ALL},
    {"nodes", IN_TARGET, ALL},
    {"followers", IN_TARGET, ALL},
    {"random", IN_TARGET, NODE},
    {"follower", IN_TARGET, NODE},
    {"node", IN_TARGET, NODE},
    {"one", IN_TARGET, NODE},
    {"holder", IN_TARGET, HOLDER},
    {"owner", IN_TARGET, HOLDER},
    {"lock_owner", IN_TARGET, HOLDER},
    {"primary", IN_TARGET, NO_REPLICAS},
    {"replica", IN_TARGET, NO_REPLICAS},
    {"slave", IN_TARGET, NO_REPLICAS},
    {"server", IN_TARGET, SERVER},
    {"servers", IN_TARGET, WHICH},
    {"instance", IN_TARGET | IN_FAULT, WHICH},
    {"from", IN_FAULT, WHICH},
    {"link", IN_FAULT, WHICH},
    {"between", IN_FAULT, WHICH},
    {"servers", IN_FAULT, WHICH},
    {"quorum", IN_TARGET, MOST},
    {"most", IN_TARGET, MOST},
    {"half", IN_TARGET, MOST},
    {"store", IN_TARGET, SERVER},
    {"database", IN_TARGET, SERVER},
    {"network", IN_TARGET, "name whose link it is: {at: 1s, cut: [1, 2], for: 2s}"},
    /* the other keys */
    {"replicas", IN_KEYS, "write nodes: 5 for the processes; servers have no replicas yet"},
    {"members", IN_KEYS, "hustings says nodes: 5"},
    {"processes", IN_KEYS, "hustings says nodes: 5"},
    {"participants", IN_KEYS, "hustings says nodes: 5"},
    {"size", IN_KEYS, "hustings says nodes: 5"},
    {"runtime", IN_KEYS, "hustings says duration: 6s"},
    {"timeout", IN_KEYS, "a request's is request_timeout: 1s; the run's is duration: 6s"},
    {"p75", IN_KEYS, PERCENTILES},
    {"p95", IN_KEYS, PERCENTILES},
    {"p98", IN_KEYS, PERCENTILES},
    {"p999", IN_KEYS, PERCENTILES},
    {"p100", IN_KEYS, PERCENTILES},
    {"average", IN_KEYS, PERCENTILES},
    {"runs", IN_KEYS, "hustings says trials: 20"},
    {"repeat", IN_KEYS, "hustings says trials: 20"},
    {"repetitions", IN_KEYS, "hustings says trials: 20"},
    {"iterations", IN_KEYS, "hustings says trials: 20"},
    {"description", IN_KEYS, "hustings says about: what happens, and what to watch"},
    {"title", IN_KEYS, "hustings says name: my-first, and about: for a sentence"},
    {"summary", IN_KEYS, "hustings says about: what happens, and what to watch"},
    {"nemesis", IN_KEYS, FAULTS},
    {"chaos", IN_KEYS, FAULTS},
    {"failures", IN_KEYS, FAULTS},
    {"events", IN_KEYS, FAULTS},
    {"actions", IN_KEYS, FAULTS},
    {"steps", IN_KEYS, FAULTS},
    {"assert", IN_KEYS, EXPECT},
    {"assertions", IN_KEYS, EXPECT},
    {"invariants", IN_KEYS, EXPECT},
    {"properties", IN_KEYS, EXPECT},
    {"expectations", IN_KEYS, EXPECT},
    {"algorithm", IN_KEYS, "hustings says protocol: article"},
    {"election", IN_KEYS, "hustings says protocol: article"},
    {"lease", IN_KEYS, LEASE},
    {"lease_duration", IN_KEYS, LEASE},
    {"fencing", IN_KEYS | IN_VALUES, "there are no fencing tokens yet: hustings list locks"},
    {"instances", IN_KEYS, SEVERAL},
    {"sentinel", ANYWHERE, NO_REPLICAS},
    {"sentinels", ANYWHERE, NO_REPLICAS},
    {"cluster", IN_TARGET | IN_KEYS | IN_VALUES, NO_REPLICAS},
    {"quorum", IN_KEYS | IN_VALUES, SEVERAL},
    {"masters", IN_KEYS, SEVERAL},
    {"mode", IN_KEYS, SEVERAL},
    {"multi", IN_VALUES, SEVERAL},
    {"standalone", IN_VALUES, "hustings says topology: single"},
    {"delay", IN_KEYS, "the links' latency is network: {latency: 5ms}; a fault goes under faults:"},
    {"loss", IN_KEYS, "a fault goes under faults: [{at: 1s, lose: 3, share: 20, for: 2s}]"},
    /* the other words */
    {"redisson", IN_VALUES, NOT_YET},
    {"raft", IN_VALUES, NOT_YET},
    {"paxos", IN_VALUES, NOT_YET},
    {"bully", IN_VALUES, NOT_YET},
    {"zookeeper", IN_VALUES, NOT_YET},
    {"etcd", IN_VALUES, NOT_YET},
    {"redis_lock", IN_VALUES, "hustings says lock: token (redis-py's lock)"},
    {"set_nx", IN_VALUES, "lock: token is SET NX PX, lock: setnx is SETNX and EXPIRE"},
    {"leader", IN_VALUES, "who leads is in submit: {at: 2s, flip: 4, to: submit}"},
    {"follower", IN_VALUES, "who is willing to lead is in prepare: {at: 2s, flip: 4, to: prepare}"},
    {"candidate", IN_VALUES,
     "who is willing to lead is in prepare: {at: 2s, flip: 4, to: prepare}"},
    {"split_brain", IN_VALUES, "hustings says two_leaders"},
    {"mutual_exclusion", IN_VALUES, "hustings says two_lock_holders"},
    {"mutex", IN_VALUES, "hustings says two_lock_holders"},
    {"deadlock", IN_VALUES, "hustings says starvation, of those who wait for the lock"},
    {"liveness", IN_VALUES, "hustings says no_leader"},
    {"agreement", IN_VALUES, "hustings says disagreement"},
    {"stale_write", IN_VALUES, "only results are watched so far: stale_result"},
    {"mandatory", IN_VALUES, "hustings says always"},
    {"required", IN_VALUES, "hustings says always"},
    {"forbidden", IN_VALUES, "hustings says never"},
    {NULL, 0, NULL},
};

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

static bool is_word(const char *text, const char *word)
{
    while (*text && *word && words_same_letter(*text, *word)) {
        text++;
        word++;
    }
    return *text == *word;
}

const char *borrowed_find(enum borrowed_place place, const char *text)
{
    for (const struct borrowed_row *row = borrowed_rows; row->word; row++) {
        if ((row->places & (unsigned)place) && is_word(text, row->word)) {
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
