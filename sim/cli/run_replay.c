/* The parts of a run become one: each trial is handed on to the session as if it had just been run,
 * but for its history, which is there only if somebody wants it. See run_parts.h. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/merge.h"
#include "sim/cli/run_parts.h"
#include "sim/cli/run_whole.h"
#include "sim/results/outcome_line.h"
#include "sim/text/clean.h"

/* Reads the line that begins with the trial, if it is the first of one. */
static bool next_line(struct run_parts *parts, uint32_t number)
{
    if ((number - 1) % PART_CHUNK != 0) {
        return true;
    }
    free(parts->line);
    parts->line = grid_line(parts->grid, (number - 1) / PART_CHUNK);
    parts->at = parts->line;
    return parts->line != NULL;
}

static bool wrong_line(struct run_parts *parts, struct session *session, uint32_t number)
{
    snprintf(session->error, sizeof session->error,
             "%s/" GRID_FILE ": what it says of trial %" PRIu32
             " is not what hustings left there, or memory is out; run that shard again, into "
             "another folder",
             parts->folder, number);
    return false;
}

/* The trial's history, if it is to be kept or told. */
static bool have_history(struct run_parts *parts, struct session *session, struct trial *trial,
                         const struct outcome *outcome)
{
    struct model *model = parts->worker[0].model;
    if (!session_wants_history(session, outcome)) {
        return true;
    }
    trial->end = model_trial(model, trial->number, trial->seed, &trial->history, NULL);
    if (trial->end != TRIAL_RAN) {
        snprintf(session->error, sizeof session->error, "%s", model_error(model));
    }
    return trial->end == TRIAL_RAN;
}

static bool hand_on(struct run_parts *parts, struct session *session, struct trial *trial,
                    bool (*done)(void *session, struct trial *trial))
{
    struct outcome *outcome = &session->digested[trial->place];
    if (!next_line(parts, trial->number) || !outcome_read(&parts->at, outcome, &parts->texts)) {
        return wrong_line(parts, session, trial->number);
    }
    if (outcome->trial != trial->number || outcome->seed != trial->seed) {
        return wrong_line(parts, session, trial->number);
    }
    return have_history(parts, session, trial, outcome) && done(session, trial);
}

static enum trial_end replay(void *self, struct session *session,
                             bool (*done)(void *session, struct trial *trial))
{
    struct run_parts *parts = self;
    struct trial *trial = calloc(1, sizeof *trial); /* too large for a small stack */
    bool good = trial != NULL;
    assert(parts->whole && session->digested);
    snprintf(session->error, sizeof session->error, "%s", trial ? "" : "out of memory");
    for (uint32_t i = 1; good && i <= parts->scenario.trials; i++) {
        trial->number = i;
        trial->seed = trial_seed(parts->scenario.seed, i);
        trial->end = TRIAL_RAN;
        good = hand_on(parts, session, trial, done);
    }
    if (trial) {
        history_free(&trial->history);
    }
    free(trial);
    /* Whoever wants no more, of a session, was interrupted, or has said why. */
    return good ? TRIAL_RAN : session->error[0] ? TRIAL_WORLD_FAILED : TRIAL_INTERRUPTED;
}

int run_parts_tell(struct run_parts *parts, struct session *session, char **word,
                   const struct merged *merged)
{
    parts->replay = (struct session_replay){.self = parts,
                                            .parts = merged->count + merge_counts_into(merged),
                                            .grid = parts->head,
                                            .beside = parts->place.beside,
                                            .run = replay};
    session->replay = &parts->replay;
    session->out = merged->into;
    session->folder = getcwd(NULL, 0);
    int code = session_run(session, word, 1);
    free(session->folder);
    if (code == EXIT_WORLD || code == EXIT_INTERRUPTED) {
        return code;
    }
    if (!run_place_move(&parts->place, parts->error, sizeof parts->error)) {
        clean_line(stderr, "hustings merge: %s", parts->error);
        return EXIT_WORLD;
    }
    run_place_remove_part(merged->into);
    return code;
}
