/* The screen of a trial that runs by itself. See follow.h. */
#include "sim/live/follow.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/live/keys.h"
#include "sim/live/show.h"
#include "sim/live/typing.h"
#include "src/protocol.h"

struct follow {
    const struct terminal_options *options;
    struct tty *tty; /* NULL: the screen is not there */
    int keys_fd;     /* by which keys come, whether it is or not */
    bool left;       /* it does not come back */
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
    follow->keys_fd = follow->tty ? fcntl(tty_keys(follow->tty), F_DUPFD_CLOEXEC, 3) : -1;
    if (follow->keys_fd < 0) {
        int error = errno;
        tty_close(follow->tty);
        free(follow);
        errno = error;
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

void follow_rest(struct follow *follow)
{
    if (follow) {
        tty_close(follow->tty);
        follow->tty = NULL;
    }
}

/* The run goes on without the screen, or is being broken off. */
static void leave(void *self)
{
    struct follow *follow = self;
    follow_rest(follow);
    follow->left = true;
    forget_player(follow);
}

void follow_close(struct follow *follow)
{
    if (follow) {
        leave(follow);
        frame_free(&follow->frame);
        close(follow->keys_fd);
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

/* The run is to end, as by Ctrl-C. */
static void end(struct follow *follow)
{
    leave(follow);
    raise(SIGINT);
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
        end(follow);
    }
}

static void feed(void *self, const struct history *history, const struct progress *progress)
{
    struct follow *follow = self;
    if (!follow->tty && !follow->left) {
        follow->tty = tty_open(follow->options->out); /* it rested between trials */
    }
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

/* What is typed while the screen is not there means nothing. */
static bool read_keys(struct follow *follow)
{
    follow->taken = follow->typed = 0;
    if (follow->tty) {
        follow->typed = tty_read(follow->tty, follow->bytes, sizeof follow->bytes);
        return follow->typed > 0;
    }
    struct pollfd keys = {.fd = follow->keys_fd, .events = POLLIN};
    return poll(&keys, 1, 0) > 0 && keys.revents & POLLIN &&
           read(follow->keys_fd, follow->bytes, sizeof follow->bytes) > 0;
}

static bool order(void *self, struct hand_order *order)
{
    struct follow *follow = self;
    while (follow->taken < follow->typed || read_keys(follow)) {
        if (follow->taken == follow->typed) {
            continue;
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
    return (struct host_hand){.self = follow,
                              .fd = follow->keys_fd,
                              .order = order,
                              .told = told,
                              .feed = feed,
                              .leave = leave};
}
