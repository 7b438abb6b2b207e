/* A trial's state as a block of plain bytes: model_save() and model_load(). See model.h.
 *
 * What is in no block: the scenario and the network, what trials have in common, the history, and
 * what the checks make of it. */
#include <assert.h>
#include <stdio.h>

#include "sim/model/model.h"
#include "sim/model/trial.h"

static void exchanges_block(struct model *model, struct block *block)
{
    struct exchanges *exchanges = &model->exchanges;
    block_piece(block, &exchanges->count, sizeof exchanges->count);
    block_piece(block, &exchanges->connection_count, sizeof exchanges->connection_count);
    block_piece(block, &exchanges->spare, sizeof exchanges->spare);
    block_piece(block, &exchanges->spare_connection, sizeof exchanges->spare_connection);
    exchanges->list = block_list(block, exchanges->list, exchanges->count, &exchanges->capacity,
                                 sizeof *exchanges->list);
    exchanges->connections =
        block_list(block, exchanges->connections, exchanges->connection_count,
                   &exchanges->connection_capacity, sizeof *exchanges->connections);
    block_piece(block, model->channels, model_channels(model) * sizeof *model->channels);
}

/* Its arrays, to which it has pointers, are pieces of their own. */
static void server_block(struct model *model, struct modelled_server *server, struct block *block)
{
    uint8_t *statuses = server->statuses;
    uint8_t *image_statuses = server->image_statuses;
    struct ballots ballots = server->ballots;
    server->statuses = server->image_statuses = NULL;
    server->ballots = (struct ballots){0};
    block_piece(block, server, sizeof *server);
    server->statuses = statuses;
    server->image_statuses = image_statuses;
    server->ballots = ballots;
    if (statuses) {
        block_piece(block, statuses, model->count);
        block_piece(block, image_statuses, model->count);
    }
    ballots_block(&server->ballots, block);
}

/* The votes of a ballot are where its exchange says, not at an address; and before there is a
 * reply, its place holds that of an earlier exchange. */
static void forget_addresses(struct model *model)
{
    for (uint32_t i = 0; i < model->exchanges.count; i++) {
        struct exchange *exchange = &model->exchanges.list[i];
        if (exchange->state < EXCHANGE_SERVED) {
            exchange->reply = (struct reply){.outcome = STORE_OK};
        }
        if (op_rows[exchange->request.op]->answers == VALUE_BALLOT) {
            exchange->reply.value.ballot.votes = NULL;
        }
    }
}

static void state_block(struct model *model, struct block *block)
{
    uint8_t *plain = (uint8_t *)model + offsetof(struct model, now_ns);
    size_t plain_size = offsetof(struct model, plain_end) - offsetof(struct model, now_ns);
    block_piece(block, plain, plain_size);
    block_piece(block, model->members, model->count * sizeof *model->members);
    block_piece(block, model->progress, model->count * sizeof *model->progress);
    exchanges_block(model, block);
    for (uint32_t i = 0; i < model->server_count; i++) {
        server_block(model, &model->servers[i], block);
    }
    if (model->links) {
        block_piece(block, model->links, model_channels(model) * sizeof *model->links);
    }
    queue_block(&model->queue, block);
    nemesis_block(&model->nemesis, block);
}

/* What a block begins with. */
struct head {
    uint64_t seed;
    uint32_t trial;
    uint32_t count, servers; /* for certainty */
};

size_t model_state_size(struct model *model)
{
    struct block block = {.way = BLOCK_MEASURE, .size = sizeof(struct head)};
    state_block(model, &block);
    return block.size;
}

void model_save(struct model *model, void *state)
{
    struct block block = {.way = BLOCK_SAVE, .to = state};
    struct head head = {.seed = model->facts.seed,
                        .trial = model->facts.trial,
                        .count = model->count,
                        .servers = model->server_count};
    assert(state && model->nemesis.scenario == model->scenario);
    forget_addresses(model);
    block_piece(&block, &head, sizeof head);
    state_block(model, &block);
}

bool model_load(struct model *model, const void *state, struct history *history)
{
    struct block block = {.way = BLOCK_LOAD, .from = state};
    struct head head;
    struct history_event none = {0};
    block_piece(&block, &head, sizeof head);
    assert(head.count == model->count && head.servers == model->server_count);
    model->facts.trial = head.trial;
    model->facts.seed = head.seed;
    for (uint32_t i = 0; i < model->server_count; i++) {
        model->servers[i].ballots.ids = model->count;
    }
    if (!trial_attach(model, head.seed) ||
        (history->capacity == 0 && !history_append(history, &none))) {
        snprintf(model->error, sizeof model->error, "out of memory");
        return false;
    }
    state_block(model, &block);
    if (block.lacks_memory) {
        snprintf(model->error, sizeof model->error, "out of memory");
        return false;
    }
    model->checks = NULL;
    model_write_to(model, history);
    history->facts = model->facts;
    return true;
}
