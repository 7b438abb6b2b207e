/* Memory of histories that were handed on, to be used again. For several threads at once. */
#ifndef HUSTINGS_MODEL_HOST_REUSE_H
#define HUSTINGS_MODEL_HOST_REUSE_H

#include <pthread.h>

#include "sim/history/history.h"

struct reuse {
    pthread_mutex_t mutex;
    struct history *list; /* owned */
    uint32_t count, room;
};

/* For so many at once. False: memory is out; reuse_free() it all the same. */
bool reuse_init(struct reuse *reuse, uint32_t room);
void reuse_free(struct reuse *reuse);

/* The one that was used last, which is likely to be in the caches; or a new one. */
struct history reuse_borrow(struct reuse *reuse);

/* `*history` is then empty. */
void reuse_give_back(struct reuse *reuse, struct history *history);

#endif
