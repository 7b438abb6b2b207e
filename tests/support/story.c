/* Stories. See story.h. */
#include "tests/support/story.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/faults/fault.h"
#include "src/article/article.h"
#include "src/lock/lock.h"
#include "src/owners.h"
#include "src/protocol.h"

struct tale *tale_new(uint16_t nodes)
{
    struct tale *story = calloc(1, sizeof *story);
    assert_non_null(story);
    assert_in_range(nodes, 1, TALE_NODES_MAX);
    struct history_facts *facts = &story->history.facts;
    snprintf(facts->scenario, sizeof facts->scenario, "a story");
    snprintf(facts->host, sizeof facts->host, "model");
    facts->trial = 1;
    facts->seed = 1;
    facts->settings = settings_default(nodes);
    for (uint16_t id = 0; id <= TALE_NODES_MAX; id++) {
        story->claims[id] = process_new(id).claim;
    }
    return story;
}

void tale_free(struct tale *story)
{
    history_free(&story->history);
    free(story);
}

static int64_t ns_of(double ms)
{
    return llround(ms * 1e6);
}

void at(struct tale *story, double ms)
{
    assert_true(ns_of(ms) >= story->now_ns);
    story->now_ns = ns_of(ms);
}

void later(struct tale *story, double ms)
{
    story->now_ns += ns_of(ms);
}

void has_servers(struct tale *story, uint8_t count)
{
    assert_int_equal(story->history.count, 0);
    settings_choose_topology(&story->history.facts.settings, TOPOLOGY_INDEPENDENT);
    story->history.facts.settings.servers = count;
}

void on_server(struct tale *story, uint8_t server)
{
    assert_true(server < story->history.facts.settings.servers);
    story->server = server;
}

uint32_t tale_event(struct tale *story, uint8_t kind, uint16_t process, struct history_event event)
{
    event.at_ns = story->now_ns;
    event.kind = kind;
    event.process = process;
    event.server = history_is_on_resource(&event) ? story->history.facts.settings.servers
                   : history_names_server(&event) ? story->server
                                                  : 0;
    event.seq = (uint32_t)story->history.count;
    assert_true(history_append(&story->history, &event));
    return event.seq;
}

/* --- claims --------------------------------------------------------------------------------------
 */

uint32_t claims(struct tale *story, uint16_t id, uint32_t happened)
{
    return tale_event(
        story, HISTORY_CLAIM, id,
        (struct history_event){.claim = {.claim = story->claims[id], .happened = happened}});
}

uint32_t enters(struct tale *story, uint16_t id)
{
    story->claims[id].in_section = 1;
    return claims(story, id, 1u << MOMENT_ACQUIRES_LOCK);
}

uint32_t leaves(struct tale *story, uint16_t id)
{
    story->claims[id].in_section = 0;
    return claims(story, id, 0);
}

uint32_t follows(struct tale *story, uint16_t id, int32_t leader)
{
    story->claims[id].follows = leader;
    return claims(story, id, 1u << MOMENT_FOLLOWS);
}

uint32_t leads_until(struct tale *story, uint16_t id, uint64_t term, double until_ms)
{
    story->claims[id].leads = 1;
    story->claims[id].term = term;
    story->claims[id].follows = id;
    story->claims[id].until_ns = ns_of(until_ms);
    return claims(story, id, 1u << MOMENT_FOLLOWS | 1u << MOMENT_LEADS);
}

uint32_t leads(struct tale *story, uint16_t id, uint64_t term)
{
    uint32_t event = leads_until(story, id, term, 0);
    story->claims[id].until_ns = INT64_MAX;
    story->history.events[event].claim.claim.until_ns = INT64_MAX;
    return event;
}

uint32_t steps_down(struct tale *story, uint16_t id, int32_t new_leader)
{
    story->claims[id].leads = 0;
    return follows(story, id, new_leader);
}

/* --- requests and replies ------------------------------------------------------------------------
 */

static uint32_t sends(struct tale *story, uint16_t id, struct history_request request)
{
    request.number = ++story->numbers[id];
    story->asked[id] = request;
    return tale_event(story, HISTORY_REQUEST, id, (struct history_event){.request = request});
}

static uint32_t gets_reply(struct tale *story, uint16_t id, struct history_reply reply)
{
    reply.number = story->asked[id].number;
    reply.op = story->asked[id].op;
    reply.moment = story->asked[id].moment;
    return tale_event(story, HISTORY_REPLY, id, (struct history_event){.reply = reply});
}

uint32_t gets(struct tale *story, uint16_t id, enum store_outcome outcome)
{
    return gets_reply(story, id, (struct history_reply){.outcome = (uint8_t)outcome});
}

uint32_t asks_lock(struct tale *story, uint16_t id, uint64_t token)
{
    const struct settings *settings = &story->history.facts.settings;
    return sends(story, id,
                 (struct history_request){
                     .moment = MOMENT_ASKS_LOCK,
                     .op = STORE_PUT_IF_ABSENT,
                     .key = KEY_LOCK,
                     .ttl_ms = (uint32_t)(settings->value[OWNER_LOCK][LOCK_TTL] / 1000000),
                     .value.token = {.low = token}});
}

uint32_t asks_fenced(struct tale *story, uint16_t id, uint64_t token)
{
    uint32_t event = asks_lock(story, id, token);
    story->asked[id].op = STORE_PUT_FENCED;
    story->history.events[event].request.op = STORE_PUT_FENCED;
    return event;
}

uint32_t gets_lock(struct tale *story, uint16_t id)
{
    uint32_t reply = gets(story, id, STORE_OK);
    enters(story, id);
    return reply;
}

uint32_t finds_it_busy(struct tale *story, uint16_t id)
{
    return gets(story, id, STORE_NIL);
}

uint32_t releases(struct tale *story, uint16_t id, uint64_t token)
{
    leaves(story, id);
    return sends(story, id,
                 (struct history_request){.moment = MOMENT_RELEASES_LOCK,
                                          .op = STORE_DELETE_IF_EQUAL,
                                          .key = KEY_LOCK,
                                          .value.token = {.low = token}});
}

uint32_t extends(struct tale *story, uint16_t id, uint64_t token)
{
    const struct settings *settings = &story->history.facts.settings;
    return sends(story, id,
                 (struct history_request){
                     .moment = MOMENT_EXTENDS_LOCK,
                     .op = STORE_EXTEND_IF_EQUAL,
                     .key = KEY_LOCK,
                     .ttl_ms = (uint32_t)(settings->value[OWNER_LOCK][LOCK_TTL] / 1000000),
                     .value.token = {.low = token}});
}

uint32_t looks_whose(struct tale *story, uint16_t id, uint64_t own)
{
    return sends(story, id,
                 (struct history_request){.moment = MOMENT_NONE,
                                          .op = STORE_GET_TOKEN,
                                          .key = KEY_LOCK,
                                          .value.token = {.low = own}});
}

uint32_t finds_token(struct tale *story, uint16_t id, uint64_t token)
{
    return gets_reply(story, id,
                      (struct history_reply){.outcome = STORE_OK, .value.token = {.low = token}});
}

uint32_t asks_setnx(struct tale *story, uint16_t id)
{
    return sends(story, id,
                 (struct history_request){.moment = MOMENT_ASKS_LOCK,
                                          .op = STORE_PUT_IF_ABSENT,
                                          .key = KEY_LOCK,
                                          .value.token = {.low = id}});
}

uint32_t dates_lock(struct tale *story, uint16_t id, uint32_t ms)
{
    return sends(story, id,
                 (struct history_request){
                     .moment = MOMENT_NONE, .op = STORE_EXPIRE, .key = KEY_LOCK, .ttl_ms = ms});
}

uint32_t deletes_lock(struct tale *story, uint16_t id)
{
    leaves(story, id);
    return sends(story, id,
                 (struct history_request){
                     .moment = MOMENT_RELEASES_LOCK, .op = STORE_DELETE, .key = KEY_LOCK});
}

uint32_t is_told(struct tale *story, uint16_t id, int64_t integer)
{
    return gets_reply(story, id,
                      (struct history_reply){.outcome = STORE_OK, .value.integer = integer});
}

/* --- work ----------------------------------------------------------------------------------------
 */

void has_lease(struct tale *story, double ms)
{
    struct settings *settings = &story->history.facts.settings;
    int row = owner_find(OWNER_PROTOCOL, "lease");
    assert_true(row >= 0);
    assert_int_equal(story->history.count, 0);
    settings_choose(settings, OWNER_PROTOCOL, (uint8_t)row);
    settings->value[OWNER_LOCK][LOCK_TTL] = ns_of(ms);
}

void has_work(struct tale *story, bool fencing)
{
    assert_int_equal(story->history.count, 0);
    story->history.facts.settings.work_every_ns = 50000000;
    if (fencing) { /* only a leader that holds the lock can have a number */
        int lease = owner_find(OWNER_PROTOCOL, "lease");
        assert_true(lease >= 0);
        settings_choose(&story->history.facts.settings, OWNER_PROTOCOL, (uint8_t)lease);
    }
    story->history.facts.settings.fencing = fencing;
}

uint32_t writes(struct tale *story, uint16_t id, uint64_t epoch)
{
    return sends(
        story, id,
        (struct history_request){
            .moment = MOMENT_WRITES, .op = STORE_WRITE, .key = KEY_WRITES, .value.number = epoch});
}

/* --- the election --------------------------------------------------------------------------------
 */

uint32_t sends_status(struct tale *story, uint16_t id)
{
    return sends(story, id,
                 (struct history_request){.moment = MOMENT_REPORTS,
                                          .op = STORE_SET_STATUS,
                                          .key = KEY_NODES,
                                          .id = id,
                                          .status = story->claims[id].status});
}

uint32_t reads(struct tale *story, uint16_t id)
{
    return sends(story, id,
                 (struct history_request){
                     .moment = MOMENT_READS, .op = STORE_READ_BALLOT, .key = KEY_NODES});
}

static void append_to_story(void *story, struct history_event *event)
{
    tale_event(story, event->kind, event->process, *event);
}

uint32_t gets_statuses(struct tale *story, uint16_t id, const char *letters)
{
    struct vote votes[TALE_NODES_MAX + 1];
    uint32_t count = 0;
    for (uint16_t i = 0; letters[i]; i++) {
        const char *known = "psu";
        const char *found = strchr(known, letters[i]);
        if (found) {
            votes[count++] = (struct vote){.id = i, .status = (uint8_t)(found - known)};
        }
    }
    uint32_t event = (uint32_t)story->history.count;
    struct history_event reply = {.kind = HISTORY_REPLY,
                                  .process = id,
                                  .reply = {.number = story->asked[id].number,
                                            .op = STORE_READ_BALLOT,
                                            .outcome = STORE_OK,
                                            .moment = MOMENT_READS}};
    history_put_ballot(&reply, (struct ballot){.votes = votes, .count = count}, append_to_story,
                       story);
    return event;
}

uint32_t decides(struct tale *story, uint16_t id, int32_t whom, int32_t rule)
{
    return tale_event(
        story, HISTORY_DECIDED, id,
        (struct history_event){.decided = {.decision = {.leader = whom, .reason = (uint8_t)rule},
                                           .number = story->asked[id].number}});
}

uint32_t publishes(struct tale *story, uint16_t id, int32_t whom, int32_t rule, uint64_t term)
{
    return sends(story, id,
                 (struct history_request){.moment = MOMENT_PUBLISHES,
                                          .op = STORE_SET_RESULT,
                                          .key = KEY_RESULT,
                                          .value.result = {whom, rule, term}});
}

uint32_t looks(struct tale *story, uint16_t id)
{
    return sends(
        story, id,
        (struct history_request){.moment = MOMENT_NONE, .op = STORE_GET_RESULT, .key = KEY_RESULT});
}

uint32_t sees(struct tale *story, uint16_t id, int32_t whom, int32_t rule, uint64_t term)
{
    return gets_reply(
        story, id, (struct history_reply){.outcome = STORE_OK, .value.result = {whom, rule, term}});
}

uint32_t sees_nothing(struct tale *story, uint16_t id)
{
    return gets(story, id, STORE_NIL);
}
