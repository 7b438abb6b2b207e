/* Fuzzes what is read of a program that is a member: its standard output, line by line, and the end
 * of its log. Whatever it writes, it must end, stay within its memory, and reach no assertion; what
 * is wrong is told in one clean line; and what is read does not depend on the portions in which it
 * comes. Built and run by tests/fuzz/run.
 *
 * The first byte of an input says in which portions the rest is read the second time. */
#include <assert.h>
#include <string.h>

#include "sim/program/claims.h"
#include "sim/program/output.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NODE 1
#define NODES 3
#define NOW_NS INT64_C(1000000000)

/* What came of all that was read. */
struct heard {
    size_t lines, claims, writes, wrong;
    char last[CLAIMS_ERROR]; /* what was wrong last */
};

static void check_clean(const char *text, size_t room)
{
    assert(memchr(text, '\0', room));
    for (const char *at = text; *at; at++) {
        assert((unsigned char)*at >= ' ' && *at != 0x7f);
    }
}

static void hear_line(struct heard *heard, const struct line_reader *reader)
{
    struct said said;
    heard->lines++;
    assert(memchr(reader->bytes, '\0', sizeof reader->bytes));
    if (!claims_read(reader->bytes, reader->overlong, NODE, NODES, NOW_NS, &said, heard->last)) {
        check_clean(heard->last, sizeof heard->last);
        assert(heard->last[0]);
        heard->wrong++;
    } else if (said.kind == SAID_CLAIM) {
        assert(said.claim.follows <= NODES);
        assert(said.for_ns >= 0 && said.at_ns <= NOW_NS);
        heard->claims++;
    } else {
        heard->writes++;
    }
}

static void hear(struct heard *heard, const char *bytes, size_t size, size_t most)
{
    static struct line_reader reader;
    memset(&reader, 0, sizeof reader);
    while (size > 0) {
        bool whole;
        size_t taken = line_take(&reader, bytes, size < most ? size : most, &whole);
        assert(taken > 0 && taken <= size);
        bytes += taken;
        size -= taken;
        if (whole) {
            hear_line(heard, &reader);
        }
    }
}

static void tail(const char *bytes, size_t size, size_t most, char out[200])
{
    static struct log_tail log;
    memset(&log, 0, sizeof log);
    for (size_t at = 0; at < size; at += most) {
        log_take(&log, bytes + at, size - at < most ? size - at : most);
        assert(log.length <= sizeof log.bytes);
    }
    log_last(&log, 5, out, 200);
    check_clean(out, 200);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heard whole = {0}, parted = {0};
    char once[200], again[200];
    if (size < 1) {
        return 0;
    }
    const char *bytes = (const char *)data + 1;
    size_t most = data[0] ? data[0] : 1;
    hear(&whole, bytes, size - 1, SIZE_MAX);
    hear(&parted, bytes, size - 1, most);
    assert(whole.lines == parted.lines && whole.claims == parted.claims);
    assert(whole.writes == parted.writes && strcmp(whole.last, parted.last) == 0);
    tail(bytes, size - 1, SIZE_MAX / 2, once);
    tail(bytes, size - 1, most, again);
    assert(strcmp(once, again) == 0);
    return 0;
}
