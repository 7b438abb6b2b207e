/* What shells offer for values. See offers.h. */
#include "sim/cli/offers.h"

#include "sim/scenario/walk.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"

static void offer_params(enum owner owner, FILE *out)
{
    for (uint8_t row = 0; owner_row_name(owner, row); row++) {
        const struct param_row *params = owner_params(owner, row);
        for (size_t i = 0; params[i].type != PARAM_NONE; i++) {
            fprintf(out, " %s.%s.%s=", owner_names[owner], owner_row_name(owner, row),
                    params[i].name);
        }
    }
}

void offer_keys(FILE *out)
{
    for (const struct field *field = schema_fields; field->key; field++) {
        fprintf(out, "%s%s=", field == schema_fields ? "" : " ", field->key);
        const struct field *inner = field->kind == FIELD_SECTION ? field->fields : NULL;
        for (; inner && inner->key; inner++) {
            fprintf(out, " %s.%s=", field->key, inner->key);
        }
    }
    offer_params(OWNER_PROTOCOL, out);
    offer_params(OWNER_LOCK, out);
}

void offer_combinations(FILE *out)
{
    fputs("own all", out);
    for (size_t i = 0; protocol_rows[i]; i++) {
        for (size_t j = 0; lock_rows[j] && !protocol_rows[i]->foreign; j++) {
            fprintf(out, " %s+%s", protocol_rows[i]->name, lock_rows[j]->name);
        }
    }
}
