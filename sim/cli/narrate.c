/* The events of a process run by hand, told to a person. See narrate.h. */
#include "sim/cli/narrate.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/history/names.h"
#include "sim/ops/op.h"
#include "sim/processes/shared.h"
#include "sim/text/clean.h"
#include "src/protocol.h"

#define NAME_SIZE 24

static void say(const struct narrator *narrator, int64_t at_ns, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(const struct narrator *narrator, int64_t at_ns, const char *format, ...)
{
    va_list arguments;
    printf("%9.3f s  ", (double)(at_ns - narrator->begun_ns) / 1e9);
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

void narrate_beginning(struct narrator *narrator, uint16_t id, const char *address)
{
    narrator->begun_ns = monotonic_ns();
    narrator->told = (struct claim){.follows = NOBODY};
    const char *flips = protocol_has_statuses(narrator->settings)
                            ? "Type submit or prepare to flip its status; "
                            : "";
    char name[NAME_SIZE] = "The master";
    if (id != MASTER_ID) {
        snprintf(name, sizeof name, "Node %u", id);
    }
    clean_line(stdout, "%s, at %s. %sCtrl-C ends it.", name, address, flips);
    fflush(stdout);
}

static const char *name_of(int32_t id, char name[NAME_SIZE])
{
    snprintf(name, NAME_SIZE, id == MASTER_ID ? "the master" : "node %d", id);
    return name;
}

static void told_claim(struct narrator *narrator, const struct history_event *event)
{
    const struct claim *now = &event->claim.claim;
    struct claim *told = &narrator->told;
    char name[NAME_SIZE];
    if (now->follows != told->follows || now->term != told->term) {
        if (now->follows == NOBODY) {
            say(narrator, event->at_ns, "nobody is elected any more");
        } else if (now->leads) {
            say(narrator, event->at_ns, "is elected: leads in term %" PRIu64, now->term);
        } else {
            say(narrator, event->at_ns, "follows %s (term %" PRIu64 ")",
                name_of(now->follows, name), now->term);
        }
    }
    if (now->status != told->status) {
        say(narrator, event->at_ns, "turns to %s", status_names[now->status]);
    }
    *told = *now;
}

static void told_request(struct narrator *narrator, const struct history_event *event)
{
    const struct history_request *request = &event->request;
    narrator->asked = (struct request_note){.number = request->number,
                                            .moment = request->moment,
                                            .op = request->op,
                                            .status = request->status,
                                            .result = request->value.result};
    if (narrator->verbose) {
        say(narrator, event->at_ns, "-> %s (%s)", op_rows[request->op]->summary,
            event->why ? event->why : "");
    }
}

/* Says it unless it was the last that was said about this. */
static void say_once(struct narrator *narrator, uint32_t *told, int64_t at_ns, const char *text)
{
    uint32_t digest = 2166136261;
    for (const char *c = text; *c; c++) {
        digest = (digest ^ (uint8_t)*c) * 16777619;
    }
    if (*told != digest) {
        say(narrator, at_ns, "%s", text);
    }
    *told = digest;
}

static void told_failure(struct narrator *narrator, const struct history_event *event)
{
    const struct link *link = narrator->link;
    const struct history_reply *reply = &event->reply;
    char text[LINK_TELLING];
    if (reply->outcome == STORE_UNREADABLE && !link->refused_by_server) {
        snprintf(text, sizeof text, "cannot read what is at the key %s", link->error);
    } else if (link->refused_by_server || reply->outcome == STORE_REFUSED) {
        link_tell(link, text, sizeof text);
    } else {
        snprintf(text, sizeof text, "the Redis did not answer, it may have done it or not: %s",
                 link->error);
    }
    bool answered = link->refused_by_server || reply->outcome == STORE_UNREADABLE;
    say_once(narrator, answered ? &narrator->faults_on_links[reply->op] : &narrator->unreachable,
             event->at_ns, text);
}

static void told_reply(struct narrator *narrator, const struct history_event *event)
{
    const struct history_reply *reply = &event->reply;
    const struct request_note *asked = &narrator->asked;
    if (narrator->verbose) {
        say(narrator, event->at_ns, "<- %s", outcome_names[reply->outcome]);
    }
    if (reply->outcome != STORE_OK && reply->outcome != STORE_NIL) {
        told_failure(narrator, event);
        return;
    }
    narrator->faults_on_links[reply->op] = 0;
    if (narrator->unreachable) {
        say(narrator, event->at_ns, "the Redis answers again");
        narrator->unreachable = 0;
    }
    if (asked->moment == MOMENT_REPORTS) {
        say(narrator, event->at_ns, "has reported %s, under the lock", status_names[asked->status]);
    } else if (asked->moment == MOMENT_PUBLISHES) {
        char name[NAME_SIZE];
        const char *reason = protocol_reason(narrator->settings, (unsigned)asked->result.rule);
        say(narrator, event->at_ns, "has published: %s is elected%s%s, term %" PRIu64,
            name_of(asked->result.id, name), reason ? " by " : "", reason ? reason : "",
            asked->result.term);
    }
}

void narrate(void *self, struct history_event *event)
{
    struct narrator *narrator = self;
    switch ((enum history_kind)event->kind) {
    case HISTORY_REQUEST:
        told_request(narrator, event);
        break;
    case HISTORY_REPLY:
        told_reply(narrator, event);
        break;
    case HISTORY_CLAIM:
        told_claim(narrator, event);
        break;
    default:
        break;
    }
}
