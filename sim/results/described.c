/* See described.h. */
#include "sim/results/described.h"

#include <assert.h>

static struct column column_of(const void *self, size_t index)
{
    const struct table *table = self;
    assert(table >= results_tables && table < results_tables + TABLES);
    return column_at((enum results_table)(table - results_tables), index);
}

struct described described_results(struct described_table room[TABLES])
{
    for (int table = 0; table < TABLES; table++) {
        const struct table *row = &results_tables[table];
        room[table] = (struct described_table){.name = row->name,
                                               .title = row->title,
                                               .count = column_count((enum results_table)table),
                                               .column = column_of,
                                               .self = row};
    }
    return (struct described){"hustings-results", "What a run of hustings saw", room, TABLES};
}
