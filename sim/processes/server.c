/* A private redis-server. See server.h. */
#include "sim/processes/server.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/system/beside.h"
#include "sim/system/descriptors.h"
#include "sim/text/errors.h"

static bool runnable(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

static bool on_path(const char *name, char *path, size_t size)
{
    const char *folders = getenv("PATH");
    while (folders && *folders) {
        size_t length = strcspn(folders, ":");
        snprintf(path, size, "%.*s/%s", (int)length, folders, name);
        if (length > 0 && runnable(path)) {
            return true;
        }
        folders += length + (folders[length] == ':');
    }
    return false;
}

static void name_after(struct server_program *program, const char *path)
{
    const char *slash = strrchr(path, '/');
    snprintf(program->name, sizeof program->name, "%.63s", slash ? slash + 1 : path);
}

bool server_find(const char *wanted, struct server_program *program, char *error, size_t error_size)
{
    static const char *const names[] = {"redis-server", "valkey-server", "keydb-server"};
    if (wanted) {
        name_after(program, wanted);
        if (strchr(wanted, '/')) {
            snprintf(program->path, sizeof program->path, "%s", wanted);
            if (runnable(wanted)) {
                return true;
            }
            snprintf(error, error_size, "%.200s: %s; name another program with --redis-server",
                     wanted, access(wanted, X_OK) != 0 ? error_words(errno) : "that is no file");
            return false;
        }
        if (on_path(wanted, program->path, sizeof program->path)) {
            return true;
        }
        snprintf(error, error_size,
                 "%.200s: there is no such program on PATH; name another one with --redis-server",
                 wanted);
        return false;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        name_after(program, names[i]);
        if (on_path(names[i], program->path, sizeof program->path)) {
            return true;
        }
    }
    name_after(program, "redis-server");
    if ((file_beside_us("redis-server", program->path, sizeof program->path) &&
         runnable(program->path)) ||
        on_path("redis-check-rdb", program->path, sizeof program->path)) {
        return true;
    }
    snprintf(error, error_size,
             "no redis-server, valkey-server or keydb-server on PATH; install the package "
             "redis-tools or redis-server, name one with --redis-server, or use --redis URL");
    return false;
}

/* --- starting --------------------------------------------------------------------------------- */

static void redirect_output(const char *folder)
{
    char path[128];
    assert(folder[0]);
    descriptors_silence(STDIN_FILENO, STDERR_FILENO);
    snprintf(path, sizeof path, "%s/log", folder);
    int log = open(path, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    if (log >= 0) {
        dup2(log, STDOUT_FILENO);
        dup2(log, STDERR_FILENO);
    }
}

#define BACKLOG 4096

static void execute(const struct server *server, const struct server_options *options)
{
    char maxclients[16], backlog[16], port[16];
    char data[128];
    assert(server->address.path[0] && options->clients > 0);
    enum persistence persistence = options->persistence;
    bool aof = persistence == PERSIST_AOF_EVERYSEC || persistence == PERSIST_AOF_ALWAYS;
    const char *fsync = persistence == PERSIST_AOF_ALWAYS ? "always" : "everysec";
    const char *save = persistence == PERSIST_RDB ? "3600 1" : "";
    /* After a stall it lets in whoever waits outside before it notices who of them has given up. */
    snprintf(maxclients, sizeof maxclients, "%u", (unsigned)options->clients + BACKLOG);
    snprintf(backlog, sizeof backlog, "%d", BACKLOG);
    snprintf(port, sizeof port, "%u", (unsigned)options->port);
    server_data(server, data, sizeof data);
    char *arguments[] = {(char *)options->program->name,
                         "--port",
                         port,
                         "--bind",
                         "127.0.0.1",
                         "--unixsocket",
                         (char *)server->address.path,
                         "--unixsocketperm",
                         "700",
                         "--dir",
                         data,
                         "--save",
                         (char *)save,
                         "--appendonly",
                         aof ? "yes" : "no",
                         "--appendfsync",
                         (char *)fsync,
                         "--tcp-backlog",
                         backlog,
                         "--maxclients",
                         maxclients,
                         "--notify-keyspace-events",
                         "Ex",
                         "--maxmemory",
                         options->oom ? "1" : "0",
                         "--maxmemory-policy",
                         "noeviction",
                         "--daemonize",
                         "no",
                         options->refuses ? "--min-replicas-to-write" : NULL,
                         "1",
                         NULL};
    redirect_output(server->folder);
    preload_enter(&server->preloading);
    execv(options->program->path, arguments);
    fprintf(stderr, "cannot execute %s: %s\n", options->program->path, error_words(errno));
    _exit(127);
}

void server_data(const struct server *server, char *path, size_t size)
{
    assert(server->folder[0]);
    snprintf(path, size, "%s/data", server->folder);
}

static bool make_folders(struct server *server, const char *folder)
{
    char path[128];
    snprintf(server->folder, sizeof server->folder, "%s", folder);
    snprintf(path, sizeof path, "%s/redis.sock", folder);
    if (mkdir(folder, 0700) != 0 || !address_of_socket(path, &server->address)) {
        return false;
    }
    server_data(server, path, sizeof path);
    return mkdir(path, 0700) == 0;
}

bool server_start(struct server *server, const struct server_options *options, const char *folder,
                  char *error, size_t error_size)
{
    *server = (struct server){.state = SERVER_DOWN};
    if (!make_folders(server, folder)) {
        snprintf(error, error_size, "cannot make the folder %s: %s", folder, error_words(errno));
        return false;
    }
    if (options->preload && !preload_open(&server->preloading, folder, error, error_size)) {
        return false;
    }
    return server_start_again(server, options, error, error_size);
}

bool server_start_again(struct server *server, const struct server_options *options, char *error,
                        size_t error_size)
{
    assert(server->pid == 0 && server->state == SERVER_DOWN);
    server->pid = guardian_fork(options->guardian, NULL, 0);
    if (server->pid == 0) {
        execute(server, options);
    }
    if (server->pid < 0) {
        server->pid = 0;
        snprintf(error, error_size, "cannot fork %s: %s; raise the limit of processes (ulimit -u)",
                 options->program->name, error_words(errno));
        return false;
    }
    assert(server->pid > 0);
    server->state = SERVER_BOOTS;
    return true;
}

void server_stop(struct server *server)
{
    assert(server->pid >= 0);
    if (server->pid > 0) {
        guardian_kill(server->pid);
        server->pid = 0;
    }
    preload_close(&server->preloading);
    if (server->folder[0]) {
        remove_folder(server->folder);
        server->folder[0] = '\0';
    }
}

void server_last_words(const struct server *server, char *text, size_t size)
{
    char path[128];
    char line[900];
    snprintf(path, sizeof path, "%s/log", server->folder);
    snprintf(text, size, "it said nothing");
    FILE *log = fopen(path, "re");
    while (log && fgets(line, sizeof line, log)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0]) {
            snprintf(text, size, "its last words: %s", line);
        }
    }
    if (log) {
        fclose(log);
    }
}
