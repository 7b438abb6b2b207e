/* Where one is in a trial, and what the keys do. See player.h. */
#include "sim/live/player.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/live/keys.h"
#include "src/units.h"

bool player_new(struct player *player, const struct history *history, struct live_world world,
                int64_t end_ns)
{
    *player =
        (struct player){.world = world, .pace = {1, 1}, .end_ns = end_ns, .name = "real processes"};
    return reel_new(&player->reel, history);
}

void player_free(struct player *player)
{
    reel_free(&player->reel);
    news_free(&player->news);
    led_free(&player->led);
}

void player_judge(struct player *player, const struct violations *found)
{
    news_tell(&player->news, player->reel.history, found);
    led_tell(&player->led, player->reel.history);
}

/* Of a long history not every event is worth telling all news anew. */
#define PARTS_HELD 1024
#define PARTS_RUNNING 64

/* Tells the news of a trial that has gone on; at its end, or where some are looked for, surely. */
static void take_news(struct player *player, bool surely)
{
    size_t count = player->reel.history->count;
    size_t parts = player->running ? PARTS_RUNNING : PARTS_HELD;
    bool due = count > player->judged && count - player->judged > count / parts;
    if (!player->world.found || count == player->judged || !(due || surely)) {
        return;
    }
    const struct violations *found = player->world.found(player->world.self);
    player->judged = count;
    if (found) {
        player_judge(player, found);
    }
}

void player_cut(struct player *player, uint32_t count)
{
    reel_cut(&player->reel, count);
    news_cut(&player->news, count);
    player->over = false;
    player->judged = 0;
}

void player_say(struct player *player, const char *text)
{
    snprintf(player->message, sizeof player->message, "%s", text);
}

/* --- the end of what there is ----------------------------------------------------------------- */

static uint32_t count_of(const struct player *player)
{
    assert(player->reel.history->count <= UINT32_MAX);
    return (uint32_t)player->reel.history->count;
}

/* Has the trial go on, if it can. False: there is nothing more. */
static bool go_on(struct player *player, int64_t until_ns)
{
    return player->world.go_on && player->world.go_on(player->world.self, until_ns);
}

static int64_t time_of(const struct player *player, uint32_t place)
{
    const struct history *history = player->reel.history;
    int64_t first_ns = history->count > 0 ? history->events[0].at_ns : 0;
    return place > 0 ? history->events[place - 1].at_ns : first_ns < 0 ? first_ns : 0;
}

static void go_to(struct player *player, uint32_t place)
{
    take_news(player, false);
    reel_go(&player->reel, place);
    player->now_ns = time_of(player, place);
    reel_pass(&player->reel, player->now_ns);
    player->over = false;
}

/* All that happens by then; the trial may be over before. */
static void go_to_time(struct player *player, int64_t at_ns)
{
    const struct history *history = player->reel.history;
    size_t count = history->count;
    bool ends = count == 0 || history->events[count - 1].at_ns <= at_ns;
    bool more = !ends || go_on(player, at_ns);
    take_news(player, !more);
    uint32_t place = reel_at(&player->reel, at_ns);
    reel_go(&player->reel, place);
    player->over = !more && place == count_of(player);
    player->now_ns = player->over ? time_of(player, place) : at_ns;
    reel_pass(&player->reel, player->now_ns);
    player->running = player->running && !player->over;
}

void player_go(struct player *player, int64_t at_ns)
{
    go_to_time(player, at_ns);
}

void player_pass(struct player *player, int64_t real_ns)
{
    assert(real_ns >= 0);
    if (player->running) {
        go_to_time(player, player->now_ns + pace_passes(player->pace, real_ns));
    }
}

#define JUDGE_EVERY_NS (500 * NS_PER_MS)
#define JUDGED_FAST 5000 /* so many events are judged in a moment */

void player_follow(struct player *player, int64_t now_ns)
{
    const struct history *history = player->reel.history;
    struct judged_trial judged;
    reel_go(&player->reel, count_of(player));
    int64_t last_ns = time_of(player, player->reel.place);
    player->now_ns = now_ns > last_ns ? now_ns : last_ns;
    reel_pass(&player->reel, player->now_ns);
    if (player->now_ns >= player->judge_ns && history->count > 0 &&
        checks_judge(history, &judged)) {
        player_judge(player, &judged.violations);
        judged_trial_free(&judged);
        /* Whoever runs the trial waits for it: the longer that takes, the seldomer. */
        player->judge_ns = player->now_ns + JUDGE_EVERY_NS * (1 + count_of(player) / JUDGED_FAST);
    }
}

/* --- keys ------------------------------------------------------------------------------------- */

static void step(struct player *player)
{
    if (player->reel.place == count_of(player) && !go_on(player, INT64_MIN) &&
        player->reel.place == count_of(player)) {
        player->over = true;
        return;
    }
    go_to(player, reel_next(&player->reel, player->reel.place));
}

#define EVENTS_AT_ONCE 256 /* of a trial that goes on until there is news */

/* Has a trial go on until there is news of a kind behind the place. NULL: there is none. */
static const struct news_item *await_news(struct player *player, enum news_kind kind)
{
    const struct news_item *item = news_next(&player->news, kind, player->reel.place);
    bool more = true;
    while (!item && more && player->world.go_on) {
        for (int i = 0; i < EVENTS_AT_ONCE && more; i++) {
            more = go_on(player, INT64_MIN);
        }
        take_news(player, true);
        item = news_next(&player->news, kind, player->reel.place);
    }
    return item;
}

/* To the next news of a kind, or to the one before. */
static void jump(struct player *player, enum news_kind kind, bool back)
{
    static const char *const words[NEWS_KINDS] = {
        [NEWS_FAULT] = "fault", [NEWS_ELECTION] = "election", [NEWS_VIOLATION] = "broken promise"};
    const struct news_item *item =
        back ? news_previous(&player->news, kind, player->reel.place) : await_news(player, kind);
    if (item) {
        go_to(player, item->event + 1);
        if (item->at_ns > player->now_ns) { /* a time alone, at which nothing else happens */
            go_to_time(player, item->at_ns);
        }
        return;
    }
    snprintf(player->message, sizeof player->message, "there is no %s %s",
             back ? "earlier" : "later", words[kind]);
}

static void to_the_end(struct player *player)
{
    go_on(player, INT64_MAX);
    take_news(player, true);
    go_to(player, count_of(player));
    player->over = true;
}

/* Keys that only move in time. False: it is none of them. */
static bool move_key(struct player *player, int key)
{
    switch (key) {
    case KEY_RIGHT:
    case '.':
        step(player);
        break;
    case KEY_LEFT:
    case ',':
        go_to(player, reel_previous(&player->reel, player->reel.place));
        break;
    case 'n':
    case 'N':
        jump(player, NEWS_ELECTION, key == 'N');
        break;
    case 't':
    case 'T':
        jump(player, NEWS_FAULT, key == 'T');
        break;
    case 'v':
    case 'V':
        jump(player, NEWS_VIOLATION, key == 'V');
        break;
    case KEY_HOME:
        go_to(player, 0);
        break;
    case KEY_END:
        to_the_end(player);
        break;
    default:
        return false;
    }
    player->running = false;
    return true;
}

/* Keys that set how time passes. */
static bool pace_key(struct player *player, int key)
{
    switch (key) {
    case ' ':
        player->running = !player->running && !player->over;
        if (player->over) {
            player_say(player,
                       "this is the end of the trial; left steps back, Home goes to its beginning");
        }
        return true;
    case '+':
    case '=':
    case KEY_UP:
        player->pace = pace_faster(player->pace);
        return true;
    case '-':
    case KEY_DOWN:
        player->pace = pace_slower(player->pace);
        return true;
    default:
        return false;
    }
}

bool player_key(struct player *player, int key)
{
    player->message[0] = '\0';
    player->wish = WISH_NONE;
    switch (key) {
    case 'q':
        player->wish = WISH_END;
        return true;
    case '?':
        player->help = !player->help;
        return true;
    case ']':
    case '[':
        if (player->timeless) {
            return false; /* a trial that runs in real time is not left for another */
        }
        player->wish = key == ']' ? WISH_NEXT : WISH_PREVIOUS;
        return true;
    default:
        break;
    }
    if (key == KEY_ESCAPE && player->help) {
        player->help = false;
        return true;
    }
    return !player->timeless && (pace_key(player, key) || move_key(player, key));
}

struct screen player_screen(const struct player *player)
{
    return (struct screen){.reel = &player->reel,
                           .news = &player->news,
                           .led = &player->led,
                           .now_ns = player->now_ns,
                           .end_ns = player->end_ns,
                           .last = player->world.go_on || player->timeless ? 0 : count_of(player),
                           .trials = player->trials,
                           .world = player->name,
                           .running = player->running,
                           .over = player->over,
                           .timeless = player->timeless,
                           .by_hand = player->by_hand,
                           .pace = player->pace,
                           .message = player->message[0] ? player->message : NULL,
                           .help = player->help};
}
