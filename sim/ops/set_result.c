/* SET key {"id": …, "rule": …, "term": …}: publishes what was elected, in the
 * place of anything. See op.h. */
#include "sim/ops/op.h"

#include <inttypes.h>

#include "sim/ops/store.h"
#include "sim/ops/values.h"
#include "sim/ops/words.h"

static void encode(const struct request *request, struct op_words *words)
{
    const struct result *result = &request->value.result;
    op_word_format(words, "{\"id\": %" PRId32 ", \"rule\": %" PRId32 ", \"term\": %" PRIu64 "}",
                   result->id, result->rule, result->term);
}

static void apply(const struct keyspace *keys, const struct request *request, struct reply *reply)
{
    (void)reply;
    if (result_is_readable(request->value.result)) {
        keyspace_set(keys, request->key, CONTENT_RESULT)->result = request->value.result;
    } else {
        keyspace_set(keys, request->key, CONTENT_TEXT);
    }
}

const struct op_row op_set_result = {
    .name = "set_result",
    .summary = "set the result",
    .command = "SET",
    .traits = OP_WRITES | OP_NEEDS_MEMORY,
    .asks = VALUE_RESULT,
    .answers = VALUE_NOTHING,
    .begins = '+',
    .key = KEY_RESULT,
    .request_bytes = 73,
    .answer_bytes = 5,
    .encode = encode,
    .apply = apply,
};
