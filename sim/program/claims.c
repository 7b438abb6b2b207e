/* What a program says of itself. See claims.h. */
#include "sim/program/claims.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "sim/text/clean.h"
#include "src/ballot.h"
#include "src/store.h"
#include "src/units.h"

#define FOR_MS_MAX (24.0 * 60 * 60 * 1000)

static const char known[] = "leads, term, in_section, follows, for_ms and at_s";
static const char things[] = "claim, write or stop, as in {\"claim\": {\"leads\": true}}";

struct reading {
    uint16_t id, nodes;
    int64_t now_ns;
    struct said *said;
    char wrong[160]; /* "": nothing */
};

static void wrong(struct reading *reading, const cJSON *item, const char *what)
{
    snprintf(reading->wrong, sizeof reading->wrong, "%.40s %s", item->string, what);
}

static void read_flag(struct reading *reading, const cJSON *item, uint8_t *into)
{
    if (cJSON_IsBool(item)) {
        *into = cJSON_IsTrue(item) ? 1 : 0;
    } else {
        wrong(reading, item, "is true or false");
    }
}

/* A whole number, 0 … most. False: it is none. */
static bool is_whole(const cJSON *item, double most)
{
    double value = cJSON_IsNumber(item) ? item->valuedouble : -1;
    return value >= 0 && value <= most && floor(value) == value;
}

static void read_follows(struct reading *reading, const cJSON *item)
{
    if (cJSON_IsNull(item)) {
        reading->said->claim.follows = NOBODY;
    } else if (is_whole(item, reading->nodes) && item->valuedouble >= 1) {
        reading->said->claim.follows = (int32_t)item->valuedouble;
    } else {
        char what[48];
        snprintf(what, sizeof what, "is a node, 1 to %u, or null", (unsigned)reading->nodes);
        wrong(reading, item, what);
    }
}

static void read_term(struct reading *reading, const cJSON *item)
{
    if (is_whole(item, (double)TERM_MAX)) {
        reading->said->claim.term = (uint64_t)item->valuedouble;
    } else {
        wrong(reading, item, "is a whole number from 0 to 9007199254740991");
    }
}

static void read_for(struct reading *reading, const cJSON *item)
{
    double value = cJSON_IsNumber(item) ? item->valuedouble : -1;
    if (value >= 0 && value <= FOR_MS_MAX) {
        reading->said->for_ns = (int64_t)(value * (double)NS_PER_MS);
    } else {
        wrong(reading, item, "is a number of milliseconds, up to a day");
    }
}

static void read_at(struct reading *reading, const cJSON *item)
{
    double value = cJSON_IsNumber(item) ? item->valuedouble : -1;
    double now = (double)reading->now_ns / (double)NS_PER_S;
    if (value >= 0 && value <= now) {
        reading->said->at_ns = (int64_t)(value * (double)NS_PER_S);
    } else {
        char what[80];
        snprintf(what, sizeof what, "is a time of CLOCK_MONOTONIC that has passed; it is %.6f",
                 now);
        wrong(reading, item, what);
    }
}

static void read_field(struct reading *reading, const cJSON *item)
{
    struct claim *claim = &reading->said->claim;
    if (strcmp(item->string, "leads") == 0) {
        read_flag(reading, item, &claim->leads);
    } else if (strcmp(item->string, "in_section") == 0) {
        read_flag(reading, item, &claim->in_section);
    } else if (strcmp(item->string, "follows") == 0) {
        read_follows(reading, item);
    } else if (strcmp(item->string, "term") == 0) {
        read_term(reading, item);
    } else if (strcmp(item->string, "for_ms") == 0) {
        read_for(reading, item);
    } else if (strcmp(item->string, "at_s") == 0) {
        read_at(reading, item);
    } else {
        snprintf(reading->wrong, sizeof reading->wrong, "a claim has %s, no \"%.40s\"", known,
                 item->string);
    }
}

static void read_claim(struct reading *reading, const cJSON *claim)
{
    struct said *said = reading->said;
    if (!cJSON_IsObject(claim)) {
        snprintf(reading->wrong, sizeof reading->wrong, "a claim is an object, with %s", known);
        return;
    }
    for (const cJSON *item = claim->child; item && !*reading->wrong; item = item->next) {
        if (cJSON_GetObjectItemCaseSensitive(claim, item->string) != item) {
            snprintf(reading->wrong, sizeof reading->wrong, "a claim has \"%s\" once, not twice",
                     item->string);
            return;
        }
        read_field(reading, item);
    }
    if (said->claim.leads && !cJSON_HasObjectItem(claim, "follows")) {
        said->claim.follows = reading->id;
    }
}

static void read_write(struct reading *reading, const cJSON *write)
{
    const cJSON *token = write->child;
    reading->said->kind = SAID_WRITE;
    bool good =
        cJSON_IsObject(write) && (!token || (!token->next && strcmp(token->string, "token") == 0 &&
                                             is_whole(token, (double)TERM_MAX)));
    if (!good) {
        snprintf(
            reading->wrong, sizeof reading->wrong,
            "a write has one key, token, which is a whole number from 0 to 9007199254740991, as "
            "in {\"write\": {\"token\": 7}}");
    }
    reading->said->token = good && token ? (uint64_t)token->valuedouble : 0;
}

static void read_object(struct reading *reading, const cJSON *object)
{
    if (!cJSON_IsObject(object)) {
        snprintf(reading->wrong, sizeof reading->wrong, "it is no JSON object");
    } else if (!object->child || object->child->next) {
        snprintf(reading->wrong, sizeof reading->wrong, "it has one key, %s", things);
    } else if (strcmp(object->child->string, "claim") == 0) {
        read_claim(reading, object->child);
    } else if (strcmp(object->child->string, "write") == 0) {
        read_write(reading, object->child);
    } else if (strcmp(object->child->string, "stop") == 0) {
        reading->said->kind = SAID_STOP;
        if (!cJSON_IsTrue(object->child)) {
            wrong(reading, object->child, "is true");
        }
    } else {
        snprintf(reading->wrong, sizeof reading->wrong, "its key is %s, not %.40s", things,
                 object->child->string);
    }
}

bool claims_read(const char *line, bool overlong, uint16_t id, uint16_t nodes, int64_t now_ns,
                 struct said *said, char error[CLAIMS_ERROR])
{
    struct reading reading = {.id = id, .nodes = nodes, .now_ns = now_ns, .said = said};
    *said = (struct said){.claim = {.follows = NOBODY, .until_ns = INT64_MAX},
                          .for_ns = INT64_MAX,
                          .at_ns = INT64_MIN};
    if (overlong) {
        snprintf(reading.wrong, sizeof reading.wrong, "it is longer than 4095 bytes");
    } else {
        cJSON *object = cJSON_ParseWithOpts(line, NULL, true);
        read_object(&reading, object);
        cJSON_Delete(object);
    }
    if (*reading.wrong) {
        char quoted[120], clean[200];
        snprintf(error, CLAIMS_ERROR,
                 "wrote on its standard output: %s: %s; each line there is a claim: did you mean "
                 "stderr?",
                 clean_text(line, quoted, sizeof quoted),
                 clean_text(reading.wrong, clean, sizeof clean));
        return false;
    }
    return true;
}
