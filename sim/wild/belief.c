/* A stranger's belief. See belief.h. */
#include "sim/wild/belief.h"

#include <assert.h>
#include <string.h>

const char *belief_end_words(uint8_t why)
{
    static const char *const words[BELIEF_ENDS] = {
        [BELIEF_LASTS] = "has it",
        [BELIEF_RELEASED] = "sent a release",
        [BELIEF_LOST] = "was told that the lock is not its own",
        [BELIEF_CLOSED] = "closed the connection on which it had taken the lock",
        [BELIEF_DIED] = "died",
    };
    assert(why < BELIEF_ENDS);
    return words[why];
}

/* --- which holds a step is about -------------------------------------------------------------- */

/* All fields must fit that are asked for. */
struct which {
    const struct token *token;  /* of this token … */
    const struct token *but;    /* … or of any but this … */
    const uint64_t *connection; /* … taken there; NULL, of each: whatever it is */
    bool cut;                   /* … on one that it has lost */
    uint64_t before;            /* … asked for before this request; 0: whenever it was */
};

static bool fits(const struct belief_hold *hold, const struct which *which)
{
    return (!which->token || token_equal(hold->token, *which->token)) &&
           (!which->but || !token_equal(hold->token, *which->but)) &&
           (!which->connection || hold->connection == *which->connection) &&
           (!which->cut || hold->cut) && (!which->before || hold->order < which->before);
}

static struct belief_change end_holds(struct belief *belief, const struct which *which,
                                      enum belief_end why)
{
    struct belief_change change = {.why = (uint8_t)why};
    uint32_t left = 0;
    for (uint32_t i = 0; i < belief->count; i++) {
        if (fits(&belief->holds[i], which)) {
            change.hold = belief->holds[i];
        } else {
            belief->holds[left++] = belief->holds[i];
        }
    }
    change.ends = left == 0 && belief->count > 0;
    belief->count = left;
    return change;
}

static struct belief_change begin_hold(struct belief *belief, const struct belief_hold *hold)
{
    struct belief_change change = {.begins = belief->count == 0, .hold = *hold};
    for (uint32_t i = 0; i < belief->left_count; i++) {
        belief->left[i].older = true;
    }
    for (uint32_t i = 0; i < belief->count; i++) {
        if (token_equal(belief->holds[i].token, hold->token)) {
            belief->holds[i] = *hold; /* taken anew, with the same token */
            return change;
        }
    }
    if (belief->count == BELIEF_HOLDS) { /* the oldest is forgotten: it still believes */
        memmove(belief->holds, belief->holds + 1, (BELIEF_HOLDS - 1) * sizeof *belief->holds);
        belief->count--;
    }
    belief->holds[belief->count++] = *hold;
    return change;
}

/* --- what was left behind with a connection --------------------------------------------------- */

static void leave_behind(struct belief *belief, const struct token *token)
{
    assert(belief->left_count <= BELIEF_HOLDS);
    if (belief->left_count == BELIEF_HOLDS) { /* the oldest is forgotten */
        memmove(belief->left, belief->left + 1, (BELIEF_HOLDS - 1) * sizeof *belief->left);
        belief->left_count--;
    }
    belief->left[belief->left_count++] = (struct belief_left){.token = *token};
}

/* Whether a request shows that it still believes in what it left behind, which is forgotten then.
 * One without a token is about the last lock that it took. */
static bool shows_outlived(struct belief *belief, const struct wild_request *request)
{
    bool its = request->op == STORE_DELETE || request->op == STORE_DELETE_IF_EQUAL ||
               request->op == STORE_EXPIRE || request->op == STORE_EXTEND_IF_EQUAL;
    for (uint32_t i = 0; its && i < belief->left_count; i++) {
        const struct belief_left *left = &belief->left[i];
        if (request->has_token ? token_equal(left->token, request->token) : !left->older) {
            belief->left_count--;
            memmove(&belief->left[i], &belief->left[i + 1],
                    (belief->left_count - i) * sizeof *belief->left);
            return true;
        }
    }
    return false;
}

/* --- releases --------------------------------------------------------------------------------- */

static bool releases(const struct wild_request *request)
{
    return request->kind == WILD_LOCK &&
           (request->op == STORE_DELETE_IF_EQUAL || request->op == STORE_DELETE);
}

/* The token that it gives back; NULL: whatever is there. */
static const struct token *gives_back(const struct wild_request *request)
{
    assert(releases(request));
    bool own = request->op == STORE_DELETE_IF_EQUAL && request->has_token;
    return own ? &request->token : NULL;
}

static void note_release(struct belief *belief, const struct wild_request *request)
{
    const struct token *token = gives_back(request);
    if (token) {
        belief->released[belief->releases++ % BELIEF_HOLDS] =
            (struct belief_release){.token = *token, .order = request->order};
    } else {
        belief->all_before = request->order;
    }
}

/* Whether what this request takes was given back before the answer came: who does not wait for it
 * does so, or who has waited long enough. */
static bool is_given_back(const struct belief *belief, const struct wild_request *request)
{
    for (size_t i = 0; i < BELIEF_HOLDS; i++) {
        const struct belief_release *release = &belief->released[i];
        if (request->order < release->order && token_equal(release->token, request->token)) {
            return true;
        }
    }
    return request->order < belief->all_before;
}

/* --- steps ------------------------------------------------------------------------------------ */

struct belief_change belief_sent(struct belief *belief, struct wild_request *request)
{
    struct belief_change change = {0};
    request->order = ++belief->sent;
    if (request->kind != WILD_LOCK) {
        return change;
    }
    if (request->op == STORE_PUT_IF_ABSENT) {
        return end_holds(belief, &(struct which){.cut = true}, BELIEF_LOST);
    }
    bool outlived = shows_outlived(belief, request);
    if (releases(request)) {
        note_release(belief, request);
        change = end_holds(belief, &(struct which){.token = gives_back(request)}, BELIEF_RELEASED);
    }
    change.outlived = outlived;
    return change;
}

static struct belief_change take(struct belief *belief, const struct wild_request *request,
                                 uint64_t connection, uint32_t number)
{
    if (is_given_back(belief, request)) {
        return (struct belief_change){0};
    }
    return begin_hold(belief, &(struct belief_hold){.token = request->token,
                                                    .connection = connection,
                                                    .order = request->order,
                                                    .number = number});
}

/* A release was answered: what was asked for before it is gone, also of a release that is kept no
 * more. */
static struct belief_change give_back(struct belief *belief, const struct wild_request *request)
{
    if (!releases(request)) {
        return (struct belief_change){0};
    }
    const struct which which = {.token = gives_back(request), .before = request->order};
    return end_holds(belief, &which, BELIEF_RELEASED);
}

struct belief_change belief_told(struct belief *belief, const struct wild_request *request,
                                 const struct wild_reply *reply, uint64_t connection,
                                 uint32_t number)
{
    const struct which asked = {.token = request->has_token ? &request->token : NULL};
    const struct which others = {.but = &reply->token};
    switch ((enum wild_effect)reply->effect) {
    case WILD_TOOK:
        return take(belief, request, connection, number);
    case WILD_RELEASED:
    case WILD_NOT_OURS:
        return give_back(belief, request);
    case WILD_LOST:
        return end_holds(belief, &asked, BELIEF_LOST);
    case WILD_SAW:
        return end_holds(belief, &others, BELIEF_LOST);
    case WILD_ABSENT:
        return end_holds(belief, &asked, BELIEF_LOST); /* it has no token: all of them */
    default:
        return (struct belief_change){0};
    }
}

const char *belief_doubts(const struct belief *belief, const struct wild_request *request,
                          const struct wild_reply *reply)
{
    assert(belief->count <= BELIEF_HOLDS);
    if (request->kind != WILD_COMMAND || request->script || reply->effect != WILD_KEPT) {
        return NULL;
    }
    for (uint32_t i = 0; i < belief->count; i++) {
        if (token_equal(belief->holds[i].token, request->token)) {
            return NULL;
        }
    }
    return "it wrote another value over the lock with SET XX, and nobody knows why";
}

void belief_cut(struct belief *belief, uint64_t connection)
{
    for (uint32_t i = 0; i < belief->count; i++) {
        belief->holds[i].cut = belief->holds[i].cut || belief->holds[i].connection == connection;
    }
}

struct belief_change belief_closed(struct belief *belief, uint64_t connection)
{
    if (belief->outlives) {
        return (struct belief_change){0};
    }
    for (uint32_t i = 0; i < belief->count; i++) {
        if (belief->holds[i].connection == connection) {
            leave_behind(belief, &belief->holds[i].token);
        }
    }
    return end_holds(belief, &(struct which){.connection = &connection}, BELIEF_CLOSED);
}

struct belief_change belief_died(struct belief *belief)
{
    belief->left_count = 0;
    return end_holds(belief, &(struct which){0}, BELIEF_DIED);
}
