/* digest SCENARIO...: runs 20 trials of each in the model and prints a digest of every history, as
 * it would be written, and of what the checks found in it. Two builds of this program must print
 * the same. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/jsonl/jsonl.h"
#include "sim/model/model.h"
#include "sim/scenario/load.h"

#define TRIALS 20

/* FNV-1a. */
static uint64_t digest(uint64_t sum, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        sum = (sum ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    }
    return sum;
}

static uint64_t digest_of(const struct history *history, const struct violations *found)
{
    char *bytes = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&bytes, &length);
    if (!file || !history_write_jsonl(history, file) || fclose(file) != 0) {
        abort();
    }
    uint64_t sum = digest(UINT64_C(14695981039346656037), bytes, length);
    for (size_t i = 0; i < found->count; i++) {
        const char *text = found->list[i].explanation;
        sum = digest(sum, text, strlen(text));
    }
    free(bytes);
    return sum;
}

static void run(const char *path)
{
    static struct scenario_report report;
    struct scenario scenario;
    struct network network;
    struct history history = {0};
    const struct violations *found = NULL;
    memset(&report, 0, sizeof report);
    if (!scenario_load(path, &scenario, &report)) {
        scenario_report_print(stderr, path, &report);
        exit(2);
    }
    network_of(&scenario, &network);
    struct model *model = model_new(&scenario, &network);
    for (uint32_t number = 1; model && number <= TRIALS; number++) {
        uint64_t seed = trial_seed(scenario.seed, number);
        if (model_trial(model, number, seed, &history, &found) != TRIAL_RAN) {
            fprintf(stderr, "%s: trial %" PRIu32 ": %s\n", path, number, model_error(model));
            exit(3);
        }
        printf("%s %" PRIu32 " %zu events %016" PRIx64 "\n", scenario.name, number, history.count,
               digest_of(&history, found));
    }
    model_free(model);
    history_free(&history);
    scenario_free(&scenario);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        run(argv[i]);
    }
    return argc > 1 ? 0 : 2;
}
