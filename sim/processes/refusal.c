/* What a Redis says when it refuses. See refusal.h. */
#include "sim/processes/refusal.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/text/clean.h"

static const struct {
    const char *words;
    const char *advice;
} known[] = {
    {"NOAUTH", "; give its password in the environment variable HUSTINGS_REDIS_PASSWORD, or in the "
               "URL: redis://user:password@host"},
    {"WRONGPASS", "; check the user in the URL, and the password in the URL or in "
                  "HUSTINGS_REDIS_PASSWORD"},
    {"invalid password", "; check the password in the URL or in HUSTINGS_REDIS_PASSWORD"},
    {"without any password", "; give it no password: look at the URL and HUSTINGS_REDIS_PASSWORD"},
    {"NOPERM", "; permit it to this user (ACL SETUSER), or name another user in the URL"},
    {"can't run this command", "; permit the script's commands to this user (ACL SETUSER), or name "
                               "another user in the URL"},
    {"Unknown Redis command", "; name a Redis that has the script's commands"},
    {"unknown command", "; hustings needs it: name a Redis that has this command"},
    {"READONLY", "; this is a replica: name its primary"},
    {"MASTERDOWN", "; this is a replica that has lost its primary: name the primary"},
    {"NOREPLICAS", "; it accepts writes only while it has enough replicas (min-replicas-to-write)"},
    {"CLUSTERDOWN", "; this is a node of a Redis Cluster: name a Redis that is no cluster"},
    {"MOVED", "; this is a node of a Redis Cluster: name a Redis that is no cluster"},
    {"CROSSSLOT", "; this is a node of a Redis Cluster: name a Redis that is no cluster"},
    {"LOADING", "; it still reads its data: try again when it has"},
    {"MISCONF", "; it cannot write to its disk: fix that first"},
    {"OOM", "; its memory is used up: raise its maxmemory, or name another Redis"},
    {"max number of clients", "; raise its maxclients, or run fewer nodes"},
    {"DB index is out of range", "; name a database that it has"},
    {"Connection reset by peer",
     "; if this is a TLS port: hustings speaks no TLS, name a plain one"},
    {"Server closed the connection",
     "; if this is a TLS port: hustings speaks no TLS, name a plain one"},
    {"Protocol error", "; this is no Redis, or a TLS port, which hustings cannot use: name a plain "
                       "Redis port"},
};

/* Words of a server that will be gone, or that concern one key only. */
static const char *const harmless[] = {"WRONGTYPE", "BUSY", "TRYAGAIN", "max number of clients"};

bool refusal_is_fatal(const char *words)
{
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
        if (strstr(words, harmless[i])) {
            return false;
        }
    }
    return true;
}

const char *refusal_meaning(const char *words)
{
    return strstr(words, "NOAUTH") ? "asks for a password: it " : "";
}

const char *refusal_advice(const char *words)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strstr(words, known[i].words)) {
            return known[i].advice;
        }
    }
    return "";
}

void refusal_copy(const char *words, const char *password, char *text, size_t size)
{
    size_t length = strlen(password);
    assert(size > 0);
    clean_text(words, text, size);
    char *echo = strstr(text, ", with args beginning with");
    if (echo) {
        *echo = '\0';
    }
    for (char *found = text; length > 0 && (found = strstr(found, password)); found += length) {
        memset(found, '*', length);
    }
    for (size_t end = strlen(text); end > 0 && (text[end - 1] == ' ' || text[end - 1] == '.');) {
        text[--end] = '\0'; /* a sentence goes on behind it */
    }
}
