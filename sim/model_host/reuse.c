/* Memory that is used again. See reuse.h. */
#include "sim/model_host/reuse.h"

#include <assert.h>
#include <stdlib.h>

bool reuse_init(struct reuse *reuse, uint32_t room)
{
    assert(room > 0);
    *reuse = (struct reuse){.list = calloc(room, sizeof *reuse->list), .room = room};
    pthread_mutex_init(&reuse->mutex, NULL);
    return reuse->list != NULL;
}

void reuse_free(struct reuse *reuse)
{
    while (reuse->count > 0) {
        history_free(&reuse->list[--reuse->count]);
    }
    free(reuse->list);
    pthread_mutex_destroy(&reuse->mutex);
}

struct history reuse_borrow(struct reuse *reuse)
{
    struct history history = {0};
    pthread_mutex_lock(&reuse->mutex);
    if (reuse->count > 0) {
        history = reuse->list[--reuse->count];
        assert(history.text_count == 0 && "a model's texts are literals");
    }
    pthread_mutex_unlock(&reuse->mutex);
    return history;
}

void reuse_give_back(struct reuse *reuse, struct history *history)
{
    pthread_mutex_lock(&reuse->mutex);
    assert(reuse->count < reuse->room);
    reuse->list[reuse->count++] = *history;
    pthread_mutex_unlock(&reuse->mutex);
    *history = (struct history){0};
}
