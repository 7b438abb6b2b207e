/* A player on a terminal. See show.h. */
#include "sim/live/show.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/live/keys.h"
#include "sim/text/clock.h"
#include "src/units.h"

#define FRAME_MS 50 /* between two pictures of what moves */
#define QUIET_MS 40 /* an escape key is one if nothing follows for so long */
#define JUMP_NS                                                                                    \
    (500 * NS_PER_MS) /* time that passed unseen, say while we were stopped, does not
                                   * count for more */

/* Puts a frame on the terminal, in one write. */
static void put_frame(const struct terminal_options *options, const struct frame *frame)
{
    size_t size = 64, used = 0;
    for (int i = 0; i < frame->rows; i++) {
        size += frame->lines[i].used + 32;
    }
    char *bytes = malloc(size);
    if (!bytes) {
        return; /* memory may be there for the next one */
    }
    for (int i = 0; i < frame->rows; i++) {
        const struct line *line = &frame->lines[i];
        used += (size_t)snprintf(bytes + used, size - used, "\x1b[%d;1H", i + 1);
        memcpy(bytes + used, line->bytes, line->used);
        used += line->used;
        used += (size_t)snprintf(bytes + used, size - used, "\x1b[K");
    }
    assert(used < size);
    fwrite(bytes, 1, used, options->out);
    fflush(options->out);
    free(bytes);
}

/* The window may have changed. */
bool show_player(const struct terminal_options *options, const struct player *player,
                 struct frame *frame)
{
    struct terminal_options sized = *options, probed = *options;
    const struct screen screen = player_screen(player);
    terminal_probe(&probed);
    sized.columns = probed.columns;
    sized.rows = probed.rows;
    if (!screen_draw(&screen, &sized, frame)) {
        return false;
    }
    put_frame(options, frame);
    return true;
}

static void press(struct player *player, const struct show_more *more, int key)
{
    bool taken = key == KEY_NONE || (more && more->key && more->key(more->self, player, key));
    if (!taken && !player_key(player, key) && key != KEY_ESCAPE) {
        player_say(player, "this key means nothing here; ? shows those that do");
    }
}

/* All that was typed, until something is wanted of others. */
static void read_keys(struct tty *tty, struct keys *keys, struct player *player,
                      const struct show_more *more)
{
    unsigned char bytes[64];
    size_t count = tty_read(tty, bytes, sizeof bytes);
    for (size_t i = 0; i < count && player->wish == WISH_NONE; i++) {
        press(player, more, keys_feed(keys, bytes[i]));
    }
}

static enum shown wished(const struct player *player)
{
    return player->wish == WISH_END    ? SHOWN_ENDED
           : player->wish == WISH_NEXT ? SHOWN_NEXT
                                       : SHOWN_PREVIOUS;
}

enum shown show(struct tty *tty, const struct terminal_options *options, struct player *player,
                const struct show_more *more)
{
    struct frame frame = {0};
    struct keys keys = {0};
    enum shown shown = SHOWN_GONE;
    int64_t before_ns = monotonic_ns();
    player->wish = WISH_NONE;
    while (show_player(options, player, &frame)) {
        bool escaped = keys.state != 0;
        int timeout_ms = escaped ? QUIET_MS : player->running ? FRAME_MS : -1;
        enum tty_news news = tty_wait(tty, more ? more->fd : -1, timeout_ms);
        int64_t now_ns = monotonic_ns();
        int64_t passed_ns = now_ns - before_ns;
        before_ns = now_ns;
        player_pass(player, passed_ns < JUMP_NS ? passed_ns : JUMP_NS);
        if (news == TTY_KEYS) {
            read_keys(tty, &keys, player, more);
        } else if (news == TTY_NOTHING && escaped) {
            press(player, more, keys_quiet(&keys));
        } else if (news == TTY_OTHER || news == TTY_GONE) {
            shown = news == TTY_OTHER ? SHOWN_BROKEN_OFF : SHOWN_GONE;
            break;
        }
        if (player->wish != WISH_NONE) {
            shown = wished(player);
            break;
        }
    }
    frame_free(&frame);
    return shown;
}
