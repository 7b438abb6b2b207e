/* bench_model SCENARIO TRIALS [checks|unchecked] [threads] [keep|write]: runs so many trials in the
 * model, on each of the threads, and prints as JSON what it did and how long that took.
 *
 * checks: the checks run along. keep: every history is kept for the caller, as a run does that
 * writes none; write: and written as JSON lines to nowhere. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/jsonl/jsonl.h"
#include "sim/model/model.h"
#include "sim/scenario/load.h"

#define THREADS_MAX 64

struct load {
    const struct scenario *scenario;
    const struct network *network;
    pthread_barrier_t *barrier;
    uint32_t trials;
    bool checks, keeps, writes;
    struct model_counts counts;
    size_t size;
    uint64_t elections, violations;
};

/* One thread is measured by the time that it had the processor, several by the wall clock. */
static double seconds_now(uint32_t threads)
{
    struct timespec now;
    clock_gettime(threads > 1 ? CLOCK_MONOTONIC : CLOCK_PROCESS_CPUTIME_ID, &now);
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

static void run_trials(struct load *load, struct model *model, struct history *history, FILE *null)
{
    uint64_t violations =
        0; /* loads lie side by side: writing to ours would slow the next thread */
    for (uint32_t number = 1; number <= load->trials; number++) {
        const struct violations *found = NULL;
        enum trial_end end =
            model_trial(model, number, trial_seed(1, number), load->keeps ? history : NULL,
                        load->checks ? &found : NULL);
        if (end != TRIAL_RAN || (load->writes && !history_write_jsonl(history, null))) {
            fprintf(stderr, "bench_model: %s\n", model_error(model));
            exit(3);
        }
        violations += found ? found->count : 0;
    }
    load->violations = violations;
}

static void *work(void *self)
{
    struct load *load = self;
    struct history history = {0};
    FILE *null = fopen("/dev/null", "w");
    struct model *model = model_new(load->scenario, load->network);
    if (!model || !null || model_trial(model, 1, 1, &history, NULL) != TRIAL_RAN) {
        abort();
    }
    load->elections = count_elections(&history);
    struct model_counts before = model_counts(model);
    pthread_barrier_wait(load->barrier);
    run_trials(load, model, &history, null);
    load->counts = model_counts(model);
    load->counts.steps -= before.steps;
    load->counts.requests -= before.requests;
    load->counts.events -= before.events;
    load->counts.virtual_ns -= before.virtual_ns;
    load->size = model_size(model);
    model_free(model);
    history_free(&history);
    fclose(null);
    return NULL;
}

static double run_all(const struct load *like, struct load *loads, uint32_t threads)
{
    pthread_t ids[THREADS_MAX];
    pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, NULL, threads + 1);
    for (uint32_t i = 0; i < threads; i++) {
        loads[i] = *like;
        loads[i].barrier = &barrier;
        pthread_create(&ids[i], NULL, work, &loads[i]);
    }
    pthread_barrier_wait(&barrier);
    double begun = seconds_now(threads);
    for (uint32_t i = 0; i < threads; i++) {
        pthread_join(ids[i], NULL);
    }
    return seconds_now(threads) - begun;
}

static void tell(const struct load *load, uint32_t threads, double took)
{
    double trials = load->trials;
    printf("{\"nodes\": %u, \"us_per_trial\": %.4f, \"steps\": %.2f, \"requests\": %.2f, "
           "\"events\": %.2f, \"elections\": %lu, \"violations\": %.4f, \"virtual_s\": %.6f, "
           "\"mean_latency_us\": %.3f, \"bytes_per_process\": %zu}\n",
           (unsigned)load->scenario->settings.nodes, took * 1e6 / trials / threads,
           (double)load->counts.steps / trials, (double)load->counts.requests / trials,
           (double)load->counts.events / trials, (unsigned long)load->elections,
           (double)load->violations / trials, (double)load->counts.virtual_ns / 1e9 / trials,
           (double)latency_mean(&load->network->one_way) / 1e3,
           load->size / (load->scenario->settings.nodes + 1u));
}

int main(int argc, char **argv)
{
    static struct scenario_report report;
    static struct load loads[THREADS_MAX];
    struct scenario scenario;
    struct network network;
    if (argc < 3 || !scenario_load(argv[1], &scenario, &report)) {
        fprintf(stderr, "usage: bench_model SCENARIO TRIALS [checks|unchecked] [threads] "
                        "[keep|write]\n");
        return 2;
    }
    network_of(&scenario, &network);
    uint32_t threads = argc > 4 ? (uint32_t)strtoul(argv[4], NULL, 10) : 1;
    threads = threads < 1 ? 1 : (threads > THREADS_MAX ? THREADS_MAX : threads);
    struct load load = {.scenario = &scenario,
                        .network = &network,
                        .trials = (uint32_t)strtoul(argv[2], NULL, 10),
                        .checks = argc > 3 && strcmp(argv[3], "checks") == 0,
                        .keeps = argc > 5,
                        .writes = argc > 5 && strcmp(argv[5], "write") == 0};
    double took = run_all(&load, loads, threads);
    tell(&loads[0], threads, took);
    scenario_free(&scenario);
    return 0;
}
