/* The story of a trial, told in full. See told.h. */
#include "sim/cli/told.h"

#include <stdio.h>
#include <string.h>

#include "sim/history/text.h"
#include "sim/text/clean.h"

void told_print(const struct story *story)
{
    int width = 0;
    for (size_t i = 0; i < story->count; i++) {
        int columns = (int)strlen(text_seconds(story->lines[i].at_ns).text);
        width = columns > width ? columns : width;
    }
    for (size_t i = 0; i < story->count; i++) {
        clean_line(stdout, "  %*s  %s", width, text_seconds(story->lines[i].at_ns).text,
                   story->lines[i].text);
    }
}

void told_json(struct json_out *out, const struct story *story)
{
    json_open(out, "story", '[');
    for (size_t i = 0; i < story->count; i++) {
        const struct story_line *line = &story->lines[i];
        json_open(out, NULL, '{');
        json_number(out, "at_ms", (double)line->at_ns / 1e6);
        json_whole(out, "event", line->event);
        json_text(out, "text", line->text);
        if (line->violation >= 0) {
            json_whole(out, "violation", line->violation);
        } else {
            json_null(out, "violation");
        }
        json_close(out);
    }
    json_close(out);
}
