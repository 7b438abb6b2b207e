/* The screen of a trial that runs by itself. See follow.h. */
#include "sim/live/follow.h"

#include <assert.h>
#include <stdlib.h>

#include "sim/live/keys.h"
#include "sim/live/show.h"
#include "sim/live/typing.h"
#include "src/protocol.h"

struct follow {
    const struct terminal_options *options;
    struct tty *tty; /* NULL: the screen was left */
    struct keys keys;
    struct typing typing;
    struct player player;
    bool playing;   /* there is a player: of … */
    uint32_t trial; /* … this trial */
    struct frame frame;
    unsigned char bytes[64]; /* typed, and not taken yet: from `taken` to `typed` */
    size_t taken, typed;
    uint16_t first, last; /* the members */
};

struct follow *follow_open(const struct terminal_options *options, const struct settings *settings)
{
    struct follow *follow = calloc(1, sizeof *follow);
    if (!follow) {
        return NULL;
    }
    follow->options = options;
    follow->first = protocol_first_id(settings);
    follow->last = settings->nodes;
    follow->tty = tty_open(options->out);
    if (!follow->tty) {
        free(follow);
        return NULL;
    }
    return follow;
}

static void forget_player(struct follow *follow)
{
    if (follow->playing) {
        player_free(&follow->player);
        follow->playing = false;
    }
}

/* The run goes on without the screen. */
static void leave(void *self)
{
    struct follow *follow = self;
    tty_close(follow->tty);
    follow->tty = NULL;
    forget_player(follow);
}

void follow_close(struct follow *follow)
{
    if (follow) {
        leave(follow);
        frame_free(&follow->frame);
        free(follow);
    }
}

/* --- what it shows ---------------------------------------------------------------------------- */

/* Another trial has another player. False: memory is out. */
static bool begin_trial(struct follow *follow, const struct history *history,
                        const struct progress *progress)
{
    forget_player(follow);
    const struct live_world none = {0};
    follow->playing = player_new(&follow->player, history, none, progress->scenario->duration_ns);
    if (follow->playing) {
        follow->trial = history->facts.trial;
        follow->player.trials = progress->trials;
        follow->player.timeless = true;
        follow->player.running = true;
        follow->player.by_hand = true;
    }
    return follow->playing;
}

static void draw(struct follow *follow)
{
    if (!show_player(follow->options, &follow->player, &follow->frame)) {
        leave(follow);
    }
}

static void press(struct follow *follow, int key)
{
    if (!follow->playing || key == KEY_NONE) {
        return;
    }
    bool known = player_key(&follow->player, key);
    if (!known && key != KEY_ESCAPE) {
        player_say(&follow->player,
                   "it runs in real time; afterwards, hustings play shows it slowly");
    }
    if (follow->player.wish == WISH_END) {
        leave(follow);
    }
}

static void feed(void *self, const struct history *history, const struct progress *progress)
{
    struct follow *follow = self;
    if (!follow->tty) {
        return;
    }
    bool same = follow->playing && follow->trial == history->facts.trial;
    if (!same && !begin_trial(follow, history, progress)) {
        leave(follow);
        return;
    }
    press(follow, keys_quiet(&follow->keys)); /* nothing has followed since the last time */
    if (follow->tty) {
        player_follow(&follow->player, progress->now_ns);
        draw(follow);
    }
}

/* --- what it orders --------------------------------------------------------------------------- */

/* True: it ends an order. */
static bool take_key(struct follow *follow, int key, struct hand_order *order)
{
    struct player *player = &follow->player;
    bool began = follow->typing.letter != 0;
    switch (typing_key(&follow->typing, key, follow->first, follow->last, order)) {
    case TYPED_PART:
        typing_text(&follow->typing, follow->first, follow->last, player->message,
                    sizeof player->message);
        return false;
    case TYPED_ORDER:
        return true;
    case TYPED_WRONG:
        player_say(player, "there is no such member");
        return false;
    case TYPED_NOTHING:
        break;
    }
    if (!began || key != KEY_ESCAPE) {
        press(follow, key);
    } else {
        player_say(player, "");
    }
    return false;
}

static bool order(void *self, struct hand_order *order)
{
    struct follow *follow = self;
    while (follow->tty) {
        if (follow->taken == follow->typed) {
            follow->taken = 0;
            follow->typed = tty_read(follow->tty, follow->bytes, sizeof follow->bytes);
        }
        if (follow->typed == 0) {
            return false;
        }
        int key = keys_feed(&follow->keys, follow->bytes[follow->taken++]);
        if (key != KEY_NONE && follow->playing && take_key(follow, key, order)) {
            return true;
        }
    }
    return false;
}

static void told(void *self, const struct hand_order *order, const char *why_not)
{
    struct follow *follow = self;
    char words[200];
    if (follow->playing) {
        const struct scene *scene = &follow->player.reel.scene;
        uint32_t bits = hand_takes_id(order->what) ? scene_bits(scene, order->id) : 0;
        player_say(&follow->player, order_told(order, bits, why_not, words, sizeof words));
    }
}

struct host_hand follow_hand(struct follow *follow)
{
    assert(follow->tty);
    return (struct host_hand){
        .self = follow, .fd = tty_keys(follow->tty), .order = order, .told = told, .feed = feed};
}
