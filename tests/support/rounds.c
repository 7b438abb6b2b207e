/* Stories told in whole requests. See rounds.h. */
#include "tests/support/rounds.h"

void obeys(struct tale *story, uint16_t id, int32_t leader, uint64_t term)
{
    struct claim *claim = &story->claims[id];
    bool newly = leader == id && !claim->leads;
    claim->follows = leader;
    claim->term = term;
    claim->leads = leader == id;
    if (newly) {
        claim->status = STATUS_SUBMIT;
    }
    claims(story, id, 1u << MOMENT_FOLLOWS | (newly ? 1u << MOMENT_LEADS : 0));
}

void all_obey(struct tale *story, int32_t leader, uint64_t term)
{
    for (uint16_t id = 0; id <= story->history.facts.settings.nodes; id++) {
        obeys(story, id, leader, term);
    }
}

static void tries_lock(struct tale *story, uint16_t id)
{
    if (story->tokens[id] == 0) {
        story->tokens[id] = story->history.count + 1;
    }
    asks_lock(story, id, story->tokens[id]);
    later(story, 1);
}

void finds_lock_busy(struct tale *story, uint16_t id)
{
    tries_lock(story, id);
    finds_it_busy(story, id);
}

void acquires_lock(struct tale *story, uint16_t id)
{
    tries_lock(story, id);
    gets_lock(story, id);
}

void releases_lock(struct tale *story, uint16_t id)
{
    releases(story, id, story->tokens[id]);
    later(story, 1);
    is_told(story, id, 1);
    story->tokens[id] = 0;
}

void reports(struct tale *story, uint16_t id)
{
    sends_status(story, id);
    later(story, 1);
    gets(story, id, STORE_OK);
}

void has_read(struct tale *story, uint16_t id)
{
    reads(story, id);
    later(story, 1);
    gets(story, id, STORE_OK);
}

void has_published(struct tale *story, uint16_t id, int32_t leader, int32_t rule, uint64_t term)
{
    publishes(story, id, leader, rule, term);
    later(story, 1);
    gets(story, id, STORE_OK);
}

void finds_result(struct tale *story, uint16_t id, int32_t leader, int32_t rule, uint64_t term)
{
    looks(story, id);
    later(story, 1);
    if (term > 0) {
        sees(story, id, leader, rule, term);
    } else {
        sees_nothing(story, id);
    }
}

void elects(struct tale *story, uint16_t id, int32_t leader, int32_t rule, uint64_t term)
{
    has_read(story, id);
    decides(story, id, leader, rule);
    has_published(story, id, leader, rule, term);
}
