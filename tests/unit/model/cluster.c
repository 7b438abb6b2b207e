/* Clusters for the model's tests. See cluster.h. */
#include "tests/unit/model/cluster.h"
#include "sim/jsonl/jsonl.h"
#include "sim/scenario/load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void cluster_new(struct cluster *cluster, const char *yaml)
{
    static struct scenario_report report;
    char text[2048];
    memset(cluster, 0, sizeof *cluster);
    memset(&report, 0, sizeof report);
    snprintf(text, sizeof text, "name: made-for-a-test\n%s", yaml);
    if (!scenario_parse("test.yaml", text, strlen(text), &cluster->scenario, &report)) {
        scenario_report_print(stderr, "test.yaml", &report);
        fail_msg("not a scenario:\n%s", text);
    }
    network_of(&cluster->scenario, &cluster->network);
    cluster->model = model_new(&cluster->scenario, &cluster->network);
    assert_non_null(cluster->model);
}

void cluster_free(struct cluster *cluster)
{
    model_free(cluster->model);
    history_free(&cluster->history);
    scenario_free(&cluster->scenario);
}

void cluster_run(struct cluster *cluster, uint64_t seed)
{
    const struct violations *found;
    enum trial_end end = model_trial(cluster->model, 1, seed, &cluster->history, &found);
    assert_string_equal(model_error(cluster->model), "");
    assert_int_equal(end, TRIAL_RAN);
}

const struct history_event *nth_of(const struct history *history, enum history_kind kind,
                                   uint16_t process, int nth)
{
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        if (event->kind == kind && event->process == process && --nth == 0) {
            return event;
        }
    }
    return NULL;
}

const struct history_event *first_from(const struct history *history, enum history_kind kind,
                                       uint16_t process, int64_t at_ns)
{
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        if (event->kind == kind && event->process == process && event->at_ns >= at_ns) {
            return event;
        }
    }
    return NULL;
}

int64_t at(const struct history_event *event)
{
    assert_non_null(event);
    return event->at_ns;
}

int count_of(const struct history *history, enum history_kind kind, uint16_t process)
{
    int count = 0;
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        count += event->kind == kind && event->process == process;
    }
    return count;
}

char *history_bytes(const struct history *history, size_t *length)
{
    char *bytes = NULL;
    FILE *file = open_memstream(&bytes, length);
    assert_non_null(file);
    assert_true(history_write_jsonl(history, file));
    fclose(file);
    return bytes;
}
