/* How fast the model is: trials, steps and elections a second, on one core and on several, for a
 * cluster of this size and that; with checks and without, with the history kept and without.
 *
 *     speed SCENARIO [seconds]
 *
 * Prints CSV:
 * case,nodes,threads,checks,trials_per_s,steps_per_s,steps_per_trial,requests_per_trial,
 * elections_per_trial,ns_per_step,virtual_over_real,bytes_per_node */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/model/model.h"

struct load {
    const struct scenario *scenario;
    const struct network *network;
    bool checks, keeps;
    double seconds;
    /* out */
    struct model_counts counts;
    double took;
    size_t size;
    uint64_t violations, elections;
};

static double seconds_now(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t count_elections(const struct history *history)
{
    uint64_t count = 0;
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        count += event->kind == HISTORY_REQUEST && event->request.op == STORE_SET_RESULT;
    }
    return count;
}

static void *run_load(void *self)
{
    struct load *load = self;
    struct model *model = model_new(load->scenario, load->network);
    struct history history = {0};
    const struct violations *found = NULL;
    uint32_t number = 0;
    if (!model) {
        abort();
    }
    model_trial(model, 1, 1, &history, NULL);
    load->elections = count_elections(&history);
    struct model_counts before = model_counts(model);
    double begun = seconds_now(CLOCK_THREAD_CPUTIME_ID);
    do {
        for (uint32_t i = 0; i < 8; i++) {
            number++;
            if (model_trial(model, number, trial_seed(1, number), load->keeps ? &history : NULL,
                            load->checks ? &found : NULL) != TRIAL_RAN) {
                fprintf(stderr, "speed: %s\n", model_error(model));
                exit(1);
            }
            load->violations += found ? found->count : 0;
        }
        load->took = seconds_now(CLOCK_THREAD_CPUTIME_ID) - begun;
    } while (load->took < load->seconds);
    load->counts = model_counts(model);
    load->counts.trials -= before.trials;
    load->counts.steps -= before.steps;
    load->counts.requests -= before.requests;
    load->counts.virtual_ns -= before.virtual_ns;
    load->size = model_size(model);
    history_free(&history);
    model_free(model);
    return NULL;
}

static void measure(const char *name, const struct load *like, int threads)
{
    struct load loads[8];
    pthread_t ids[8];
    double trials = 0;
    double steps = 0;
    for (int i = 0; i < threads; i++) {
        loads[i] = *like;
        pthread_create(&ids[i], NULL, run_load, &loads[i]);
    }
    for (int i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
        trials += (double)loads[i].counts.trials / loads[i].took;
        steps += (double)loads[i].counts.steps / loads[i].took;
    }
    const struct model_counts *counts = &loads[0].counts;
    double per_trial = 1.0 / (double)counts->trials;
    uint32_t nodes = like->scenario->settings.nodes;
    printf("%s,%u,%d,%d,%.0f,%.0f,%.1f,%.1f,%lu,%.2f,%.0f,%zu\n", name, nodes, threads,
           like->checks, trials, steps, (double)counts->steps * per_trial,
           (double)counts->requests * per_trial, (unsigned long)loads[0].elections,
           loads[0].took * 1e9 / (double)counts->steps,
           (double)counts->virtual_ns / 1e9 / loads[0].took, loads[0].size / (nodes + 1));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    struct scenario scenario;
    struct scenario_report report;
    struct network network;
    if (argc < 2 || !scenario_load(argv[1], &scenario, &report)) {
        fprintf(stderr, "usage: speed SCENARIO [seconds]\n");
        return 2;
    }
    network_of(&scenario, &network);
    struct load load = {.scenario = &scenario,
                        .network = &network,
                        .checks = true,
                        .seconds = argc > 2 ? atof(argv[2]) : 1};
    printf("case,nodes,threads,checks,trials_per_s,steps_per_s,steps_per_trial,requests_per_trial,"
           "elections_per_trial,ns_per_step,virtual_over_real,bytes_per_node\n");
    measure("verdicts", &load, 1);
    measure("verdicts", &load, 2);
    load.checks = false;
    measure("unchecked", &load, 1);
    scenario_free(&scenario);
    return 0;
}
