/* What replies prove of the order of events: see history_reads() in history_json.h. */
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
