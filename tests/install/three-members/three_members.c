/* An election in a program of one's own: three members compete for a lease. The store is a variable
 * here, and time a number; in a product they are a Redis and its clock. The leader dies at 6 s. All
 * that a host has to do for the machines is in here; <hustings/process.h> is its manual. */
#include <stdio.h>

#include <hustings/owners.h>
#include <hustings/protocol.h>
#include <hustings/units.h>

#define MEMBERS 3

struct member {
    struct hustings_process process;
    int64_t wakes_ns;     /* INT64_MAX: not set */
    uint32_t outstanding; /* tags of requests whose answers are waited for, as bits */
};

static struct hustings_settings settings;
static int64_t now_ns;
static struct hustings_token holder; /* the store: one key, the lock … */
static int64_t expires_ns;           /* … with a time to live */

static struct hustings_reply answer(const struct hustings_request *request)
{
    struct hustings_reply reply = {.outcome = HUSTINGS_STORE_OK};
    bool there = now_ns < expires_ns, puts = request->op == HUSTINGS_STORE_PUT_IF_ABSENT;
    if (request->op == HUSTINGS_STORE_GET_TOKEN || (puts && there)) {
        reply.outcome = there && !puts ? HUSTINGS_STORE_OK : HUSTINGS_STORE_NIL;
        reply.value.token = holder;
        return reply;
    }
    holder = puts ? request->value.token : holder;
    bool mine = puts || (there && hustings_token_equal(holder, request->value.token));
    reply.value.integer = mine; /* of EXTEND_IF_EQUAL, DELETE_IF_EQUAL */
    expires_ns = mine ? now_ns + request->ttl_ms * HUSTINGS_NS_PER_MS : expires_ns;
    return reply;
}

/* One step of a member, and all that comes of it at once. */
static void step(struct member *member, struct hustings_event event)
{
    static uint64_t fresh; /* in a product: random bits */
    bool led = member->process.claim.leads;
    struct hustings_action action;
    event.now_ns = now_ns;
    event.fresh = (struct hustings_token){.high = 1, .low = ++fresh};
    hustings_process_step(&settings, &member->process, &event, &action);
    const struct hustings_wake *wake = &action.wake[HUSTINGS_TIMER_PROTOCOL];
    if (wake->order != HUSTINGS_TIMER_KEEP) {
        member->wakes_ns = wake->order == HUSTINGS_TIMER_SET ? now_ns + wake->max_ns : INT64_MAX;
    }
    const struct hustings_claim *claim = &member->process.claim;
    if (led != claim->leads) {
        printf("%4.1f s  member %d %s, term %d\n", (double)now_ns / HUSTINGS_NS_PER_S,
               member->process.id, claim->leads ? "leads" : "leads no more", (int)claim->term);
    }
    for (int i = 0; i < action.sends; i++) {
        member->outstanding |= 1u << action.send[i].tag;
    }
    member->outstanding &= ~action.drop;
    for (int i = 0; i < action.sends; i++) {
        uint32_t tag = 1u << action.send[i].tag;
        if (member->outstanding & tag) {
            struct hustings_reply reply = answer(&action.send[i]);
            member->outstanding &= ~tag;
            step(member, (struct hustings_event){.kind = HUSTINGS_EVENT_REPLY,
                                                 .tag = action.send[i].tag,
                                                 .reply = &reply});
        }
    }
}

int main(void)
{
    struct member members[MEMBERS];
    settings = hustings_settings_default(MEMBERS);
    hustings_settings_choose(&settings, HUSTINGS_OWNER_PROTOCOL,
                             (uint8_t)hustings_owner_find(HUSTINGS_OWNER_PROTOCOL, "lease"));
    hustings_settings_govern(&settings); /* the lock lasts as long as the lease */
    for (int i = 0; i < MEMBERS; i++) {
        members[i] = (struct member){hustings_process_new((uint16_t)(i + 1)), INT64_MAX, 0};
        step(&members[i], (struct hustings_event){.kind = HUSTINGS_EVENT_STARTED});
    }
    for (bool died = false; now_ns < 60 * HUSTINGS_NS_PER_S;) {
        struct member *next = members;
        for (int i = 1; i < MEMBERS; i++) {
            next = members[i].wakes_ns < next->wakes_ns ? &members[i] : next;
        }
        now_ns = next->wakes_ns;
        if (!died && now_ns > 5 * HUSTINGS_NS_PER_S && next->process.claim.leads) {
            printf("%4.1f s  member %d dies\n", (double)now_ns / HUSTINGS_NS_PER_S,
                   next->process.id);
            next->wakes_ns = INT64_MAX;
            died = true;
        } else {
            next->wakes_ns = INT64_MAX;
            step(next, (struct hustings_event){.kind = HUSTINGS_EVENT_WOKE,
                                               .timer = HUSTINGS_TIMER_PROTOCOL});
        }
    }
    return 0;
}
