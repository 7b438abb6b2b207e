/* One trial of a scenario on real processes, told in figures: how long it took until all members
 * were forked, connected, and had reported once; their memory; what the processor did for them.
 *
 *     bench_start SCENARIO [REDIS-URL]
 *
 * Memory is looked at once the master has started, so the scenario says `master: all_reported`; the
 * members' time on the processor counts from there to the end of the trial. One JSON object.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/host/host.h"
#include "sim/processes/shared.h"
#include "sim/scenario/load.h"

/* Looking at a process costs its whole page table: of many, this many stand for all. */
#define SAMPLE 200

struct figures {
    double forked_ms, connected_ms,
        reported_ms; /* since the first fork; since t0 for reported_ms */
    uint32_t forked, reported, died;
    uint64_t requests;
    pid_t sample[SAMPLE];
    uint32_t sampled;
    double pss_kib; /* of a node, on average */
    int64_t looked_ns;
    double ran_ms_before, processor_ms_a_second; /* of a node */
};

/* --- looking at the members ------------------------------------------------------------------- */

static bool is_node(pid_t pid)
{
    char path[64];
    char name[32] = "";
    snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
    FILE *file = fopen(path, "re");
    if (file) {
        if (!fgets(name, sizeof name, file)) {
            name[0] = '\0';
        }
        fclose(file);
    }
    return strcmp(name, "hustings-node\n") == 0;
}

/* The children that are nodes, or as many of them as are to be looked at. */
static void find_nodes(struct figures *figures)
{
    char path[64];
    char word[16];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "re");
    while (file && figures->sampled < SAMPLE && fscanf(file, "%15s", word) == 1) {
        pid_t pid = (pid_t)strtol(word, NULL, 10);
        if (is_node(pid)) {
            figures->sample[figures->sampled++] = pid;
        }
    }
    if (file) {
        fclose(file);
    }
}

static double pss_kib_of(pid_t pid)
{
    char path[64];
    char line[128];
    double pss = 0;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        if (strncmp(line, "Pss:", 4) == 0) {
            pss = strtod(line + 4, NULL);
        }
    }
    if (file) {
        fclose(file);
    }
    return pss;
}

/* Time on the processor so far, of all that are looked at. Negative if one of them has ended: the
 * sum of the others says nothing. */
static double ran_ms(const struct figures *figures)
{
    double sum = 0;
    for (uint32_t i = 0; i < figures->sampled; i++) {
        char path[64];
        char ns[32];
        snprintf(path, sizeof path, "/proc/%d/schedstat", (int)figures->sample[i]);
        FILE *file = fopen(path, "re");
        bool read = file && fscanf(file, "%31s", ns) == 1;
        if (file) {
            fclose(file);
        }
        if (!read) {
            return -1;
        }
        sum += strtod(ns, NULL) / 1e6;
    }
    return sum;
}

/* Called several times a second: the first time after all have reported, and again and again. */
static void look(void *self, const struct progress *progress)
{
    struct figures *figures = self;
    if (!progress->processes[MASTER_ID].started) {
        return;
    }
    if (figures->looked_ns == 0) {
        find_nodes(figures);
        for (uint32_t i = 0; i < figures->sampled; i++) {
            figures->pss_kib += pss_kib_of(figures->sample[i]) / figures->sampled;
        }
        figures->ran_ms_before = ran_ms(figures);
        figures->looked_ns = monotonic_ns();
        return;
    }
    double ran = ran_ms(figures);
    double seconds = (double)(monotonic_ns() - figures->looked_ns) / 1e9;
    if (ran >= 0) {
        figures->processor_ms_a_second =
            (ran - figures->ran_ms_before) / figures->sampled / seconds;
    }
}

/* --- reading the history ---------------------------------------------------------------------- */

static void note_birth(struct figures *figures, int64_t at_ns, int64_t *first_ns)
{
    if (figures->forked++ == 0) {
        *first_ns = at_ns;
    }
    figures->forked_ms = (double)(at_ns - *first_ns) / 1e6;
    figures->connected_ms = (double)-*first_ns / 1e6;
}

static bool read_history(void *self, struct trial *trial)
{
    struct figures *figures = self;
    static bool reported[NODE_ID_MAX + 1];
    int64_t first_ns = 0;
    for (size_t i = 0; i < trial->history.count; i++) {
        const struct history_event *event = &trial->history.events[i];
        if (event->kind == HISTORY_BORN) {
            note_birth(figures, event->at_ns, &first_ns);
        }
        figures->died += event->kind == HISTORY_DIED;
        figures->requests += event->kind == HISTORY_REQUEST;
        if (event->kind == HISTORY_REPLY && event->reply.op == STORE_SET_STATUS &&
            event->reply.outcome == STORE_OK && !reported[event->process]) {
            reported[event->process] = true;
            figures->reported++;
            figures->reported_ms = (double)event->at_ns / 1e6;
        }
    }
    return true;
}

static void tell(const struct figures *figures, double whole_ms)
{
    printf("{\"forked\": %u, \"forked_ms\": %.3f, \"connected_ms\": %.3f, \"reported\": %u, "
           "\"reported_ms\": %.3f, \"died\": %u, \"requests\": %llu, \"pss_kib\": %.1f, "
           "\"processor_ms_a_second\": %.4f, \"whole_ms\": %.3f}\n",
           figures->forked, figures->forked_ms, figures->connected_ms, figures->reported,
           figures->reported_ms, figures->died, (unsigned long long)figures->requests,
           figures->pss_kib, figures->processor_ms_a_second, whole_ms);
}

int main(int argc, char **argv)
{
    static struct figures figures;
    static struct scenario_report report;
    struct scenario scenario;
    char error[512] = "";
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: bench_start SCENARIO [REDIS-URL]\n");
        return 2;
    }
    if (!scenario_load(argv[1], &scenario, &report)) {
        scenario_report_print(stderr, argv[1], &report);
        return 2;
    }
    struct host_options options = {
        .redis_url = argc == 3 ? argv[2] : NULL, .trials = 1, .jobs = 1, .seed = scenario.seed};
    struct host_events events = {.self = &figures, .trial_done = read_history, .progress = look};
    int64_t begun = monotonic_ns();
    enum trial_end end = host_processes.run(&scenario, &options, &events, error, sizeof error);
    double whole_ms = (double)(monotonic_ns() - begun) / 1e6;
    scenario_free(&scenario);
    if (end != TRIAL_RAN) {
        fprintf(stderr, "bench_start: %s\n", error);
        return 3;
    }
    tell(&figures, whole_ms);
    return 0;
}
