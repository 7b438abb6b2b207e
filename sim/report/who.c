/* Who is who in the page. See who.h. */
#include "sim/report/who.h"

#include "src/protocol.h"

int32_t place_of(const struct history *history, int32_t id)
{
    const struct settings *settings = &history->facts.settings;
    int32_t first = protocol_has_master(settings) ? MASTER_ID : 1;
    return id >= first && id <= settings->nodes ? id - first : -1;
}

int32_t server_of(const struct history *history, const struct history_event *event)
{
    const struct settings *settings = &history->facts.settings;
    if (history_is_on_resource(event)) {
        return settings_resource(settings);
    }
    bool named = history_names_server(event) || event->kind == HISTORY_EXPIRED;
    bool message = event->kind == HISTORY_REQUEST || event->kind == HISTORY_REPLY;
    bool of_member = event->process != HISTORY_HARNESS && !message;
    bool is_one = named && event->server < settings_all_servers(settings);
    /* Where there is only one server, what befalls a member has its number, too. */
    return is_one && (!of_member || settings->servers > 1) ? event->server : -1;
}
