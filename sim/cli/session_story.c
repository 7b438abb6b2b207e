/* Of which trials of a session the history is kept, and of which the story is told. See session.h.
 */
#include <assert.h>
#include <stdint.h>

#include "sim/cli/session.h"

bool session_keeps(const struct session *session, const struct outcome *outcome)
{
    if (session->keep != KEEP_FEW) {
        return session->keep == KEEP_ALL;
    }
    if (outcome->trial <= KEEP_FEW_TRIALS) {
        return true;
    }
    return outcome->verdict != TRIAL_PASSED && session->failures_kept < KEEP_FEW_TRIALS;
}

/* How much the story of a trial is worth telling. */
static int worth(const struct session *session, const struct outcome *outcome)
{
    assert(outcome->trial > 0);
    if (session->explain > 0) {
        return outcome->trial == session->explain ? 3 : 0;
    }
    return outcome->verdict == TRIAL_FAILED ? 2 : outcome->violations.count > 0;
}

/* The story that is told at the end is that of the first trial that broke an expectation, or else a
 * promise, or else of the first. */
static bool tells(const struct session *session, const struct outcome *outcome)
{
    bool wanted = session->terminal.format == FORMAT_TEXT && !session->terminal.quiet;
    return wanted && (session->told.trial == 0 || worth(session, outcome) > session->story_worth);
}

bool session_wants_history(const struct session *session, const struct outcome *outcome)
{
    return session_keeps(session, outcome) || tells(session, outcome);
}

void session_take_story(struct session *session, const struct outcome *outcome,
                        const struct history *history)
{
    int is_worth = worth(session, outcome);
    if (!tells(session, outcome)) {
        return;
    }
    story_free(&session->story);
    session->story_worth = is_worth;
    session->told = (struct told_story){.trial = outcome->trial,
                                        .story = &session->story,
                                        .broke = is_worth > 0 && session->explain == 0,
                                        .kept = outcome->kept};
    story_tell(&session->story, history, &outcome->violations,
               is_worth == 3 ? SIZE_MAX : STORY_LINES);
}
