/* The rows of the screen below the members: who leads, and each server. See screen.h. */
#include <assert.h>
#include <inttypes.h>

#include "sim/history/text.h"
#include "sim/live/screen.h"
#include "src/protocol.h"

#define SERVER_AT 14 /* what is said of one */

/* "node 1; nobody led for 402.1 ms in all", "nobody since 1.004 s, …". */
void leader_row_draw(const struct screen *screen, const struct terminal_options *options,
                     struct frame *frame)
{
    const struct settings *settings = &screen->reel->history->facts.settings;
    struct led_now led = led_at(screen->led, screen->reel->place, screen->now_ns);
    struct line *line = frame_line(frame, options, ROW_NAME_AT);
    uint32_t leaders = 0;
    if (!line) {
        return;
    }
    line_put(line, STYLE_STRONG, "leader:");
    line_to(line, SERVER_AT);
    for (uint32_t id = protocol_first_id(settings); id <= settings->nodes; id++) {
        if (scene_bits(&screen->reel->scene, (uint16_t)id) & SCENE_LEADS) {
            line_format(line, leaders > 0 ? STYLE_BAD : STYLE_PLAIN, "%s%s",
                        leaders > 0 ? " and " : "", text_process((int32_t)id).text);
            leaders++;
        }
    }
    if (leaders == 0) {
        line_put(line, STYLE_WARN, "nobody");
    }
    if (leaders > 0 && led.since_ns < INT64_MAX) {
        line_put(line, STYLE_WARN, ", by its own word alone");
    }
    if (led.since_ns < INT64_MAX && led.since_ns > 0) {
        line_format(line, STYLE_PLAIN, "; nobody has led since %s",
                    text_seconds(led.since_ns).text);
    }
    if (led.leaderless_ns > 0) {
        line_format(line, STYLE_DIM, "; without a leader for %s in all",
                    text_ms(led.leaderless_ns).text);
    }
}

void server_row_draw(const struct screen *screen, const struct terminal_options *options,
                     struct frame *frame, uint8_t server)
{
    const struct scene *scene = &screen->reel->scene;
    const struct scene_hold *hold = &scene->locks[server];
    const struct decision *published = &scene->view.published;
    struct line *line = frame_line(frame, options, ROW_NAME_AT);
    bool ends = hold->until_ns != INT64_MAX;
    if (!line) {
        return;
    }
    line_format(line, STYLE_STRONG, "%s:", text_server(screen->reel->history, server).text);
    line_to(line, SERVER_AT);
    if (reach_is_down(&scene->reach, server)) {
        line_put(line, STYLE_BAD, "down  ");
    }
    if (hold->holder == NOBODY) {
        line_put(line, STYLE_DIM, "the lock is free");
    } else if (hold->until_ns <= screen->now_ns) {
        line_format(line, STYLE_DIM, "the lock has run out under %s",
                    text_process(hold->holder).text);
    } else {
        line_format(line, STYLE_PLAIN, "the lock is %s's%s%s", text_process(hold->holder).text,
                    ends ? " for " : "", ends ? text_ms(hold->until_ns - screen->now_ns).text : "");
        if (hold->unawares) {
            line_put(line, STYLE_WARN, ", unaware");
        }
    }
    if (server == 0 && published->leader != NOBODY) {
        line_format(line, STYLE_PLAIN, "; elected is %s", text_process(published->leader).text);
        if (published->term > 0) {
            line_format(line, STYLE_PLAIN, " in term %" PRIu64, published->term);
        }
    }
}
