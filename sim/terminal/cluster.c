/* A cluster at one moment, counted: what the picture says in words and cells. */
#include "sim/terminal/cluster.h"

#include "sim/history/text.h"
#include "sim/terminal/words.h"
#include "src/protocol.h"

const struct role_row role_rows[ROLES] = {
    [ROLE_PREPARE] = {"prepare", GLYPH_PREPARE, STYLE_PLAIN},
    [ROLE_SUBMIT] = {"submit", GLYPH_SUBMIT, STYLE_SUBMIT},
    [ROLE_RUNNING] = {"running", GLYPH_PREPARE, STYLE_PLAIN},
    [ROLE_UNKNOWN] = {"unknown status", GLYPH_PREPARE, STYLE_WARN},
    [ROLE_LEADER] = {"leader", GLYPH_LEADER, STYLE_LEADER},
    [ROLE_PAUSED] = {"paused", GLYPH_PAUSED, STYLE_PAUSED},
    [ROLE_WAITING] = {"not started", GLYPH_WAITING, STYLE_DIM},
    [ROLE_DEAD] = {"dead", GLYPH_DEAD, STYLE_BAD},
};

enum role role_of(const struct progress *progress, uint32_t id)
{
    const struct cluster_member *process = &progress->processes[id];
    if (!process->alive) {
        return progress->now_ns > 0 ? ROLE_DEAD : ROLE_WAITING; /* never started is not dead */
    }
    if (process->paused) {
        return ROLE_PAUSED;
    }
    if (!process->started) {
        return ROLE_WAITING;
    }
    if (process->claim.leads) {
        return ROLE_LEADER;
    }
    if (!protocol_has_statuses(&progress->scenario->settings)) {
        return ROLE_RUNNING;
    }
    static const enum role by_status[] = {
        [STATUS_PREPARE] = ROLE_PREPARE,
        [STATUS_SUBMIT] = ROLE_SUBMIT,
        [STATUS_UNKNOWN] = ROLE_UNKNOWN,
    };
    return process->claim.status <= STATUS_UNKNOWN ? by_status[process->claim.status]
                                                   : ROLE_UNKNOWN;
}

/* Whom the nodes follow: the leader if there is one, otherwise the one that outlasts the others
 * when different pairs are struck out (the majority, if any has it). */
static int32_t whom_they_follow(const struct progress *progress, int32_t leader)
{
    if (leader != NOBODY) {
        return leader;
    }
    int32_t candidate = NOBODY;
    uint32_t weight = 0;
    for (uint32_t id = 1; id <= progress->scenario->settings.nodes; id++) {
        const struct cluster_member *process = &progress->processes[id];
        if (!process->alive || process->claim.follows == NOBODY) {
            continue;
        }
        if (weight == 0) {
            candidate = process->claim.follows;
        }
        weight = process->claim.follows == candidate ? weight + 1 : weight - 1;
    }
    return candidate;
}

struct cluster cluster_count(const struct progress *progress)
{
    struct cluster cluster = {.nodes = progress->scenario->settings.nodes,
                              .leader = NOBODY,
                              .second = NOBODY,
                              .holder = NOBODY};
    for (uint32_t id = protocol_first_id(&progress->scenario->settings); id <= cluster.nodes;
         id++) {
        const struct cluster_member *process = &progress->processes[id];
        if (id != MASTER_ID) {
            cluster.roles[role_of(progress, id)]++;
            cluster.live += process->alive;
        }
        if (cluster_acts_as_leader(process, progress->now_ns)) {
            *(cluster.leaders == 0 ? &cluster.leader : &cluster.second) = (int32_t)id;
            cluster.leaders++;
        }
        if (process->alive && process->claim.in_section) {
            cluster.holder = cluster.holders++ == 0 ? (int32_t)id : cluster.holder;
        }
    }
    cluster.followed = whom_they_follow(progress, cluster.leader);
    for (uint32_t id = 1; id <= cluster.nodes; id++) {
        const struct cluster_member *process = &progress->processes[id];
        cluster.followers +=
            process->alive && process->claim.follows == cluster.followed && cluster.followed >= 0;
    }
    return cluster;
}

/* "all 5 nodes", "3 of 4 nodes"; brief: without the word. */
static void followers_text(const struct cluster *cluster, bool brief, char *out, size_t size)
{
    const struct word live = word_count(cluster->live, brief ? "" : "node");
    if (cluster->followers == cluster->live) {
        snprintf(out, size, "all %s", live.text);
    } else {
        snprintf(out, size, "%s of %s", word_count(cluster->followers, "").text, live.text);
    }
}

enum style cluster_sentence(const struct progress *progress, const struct cluster *cluster,
                            bool brief, char *out, size_t size)
{
    char follow[3 * WORD_SIZE];
    const struct word who = word_who(cluster->leader), other = word_who(cluster->second);
    followers_text(cluster, brief, follow, sizeof follow);
    if (cluster->leaders > 2) {
        snprintf(out, size, "%s processes lead at once: %s, %s and others",
                 text_count(cluster->leaders).text, who.text, other.text);
        return STYLE_BAD;
    }
    if (cluster->leaders == 2) {
        snprintf(out, size, "%s and %s both lead", who.text, other.text);
        return STYLE_BAD;
    }
    if (cluster->leaders == 1) {
        bool paused = progress->processes[cluster->leader].paused;
        snprintf(out, size, "%s leads%s, %s follow", who.text, paused ? " but is paused" : "",
                 follow);
        return paused ? STYLE_WARN : STYLE_GOOD;
    }
    int32_t followed = cluster->followed;
    const struct word whom = word_who(followed);
    if (followed < 0 || (uint32_t)followed > cluster->nodes) {
        snprintf(out, size, "nobody leads yet");
        return STYLE_DIM;
    }
    if (!progress->processes[followed].alive) {
        snprintf(out, size, "%s is dead, %s still follow it", whom.text, follow);
        return STYLE_BAD;
    }
    snprintf(out, size, "nobody leads, %s follow %s", follow, whom.text);
    return STYLE_WARN;
}
