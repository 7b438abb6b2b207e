/* What replies prove of the order of events, and which prove nothing. See history_json.h. */
#include "sim/history/proofs.h"
#include "sim/report/history_json.h"

void history_reads(struct data *data, const struct history *history)
{
    struct proofs proofs;
    json_open(&data->out, "reads", '[');
    if (!proofs_find(&proofs, history)) {
        data_wrong(data, "history", "memory is out");
    }
    for (size_t i = 0; i < proofs.count; i++) {
        json_open(&data->out, NULL, '[');
        json_whole(&data->out, NULL, proofs.list[i].answer);
        json_whole(&data->out, NULL, proofs.list[i].request);
        json_close(&data->out);
    }
    json_close(&data->out);
    proofs_free(&proofs);
}

void history_unheard(struct data *data, const struct history *history)
{
    json_open(&data->out, "unheard", '[');
    for (size_t i = 0; i < history->count; i++) {
        const struct history_event *event = &history->events[i];
        if (event->kind == HISTORY_REPLY && !proof_has_reached(&event->reply)) {
            json_whole(&data->out, NULL, (int64_t)i);
        }
    }
    json_close(&data->out);
}
