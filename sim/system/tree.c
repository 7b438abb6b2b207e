/* The tree below a process. See tree.h. */
#include "sim/system/tree.h"

#include <assert.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/text/clock.h"
#include "sim/text/grown.h"

#define TREE_TIMEOUT_NS 2000000000

struct entry {
    pid_t pid, parent, group;
    char state;
    bool below; /* it belongs to the tree */
};

struct entries {
    struct entry *list; /* owned */
    size_t count, room;
};

/* Reads /proc/PID/stat. False: it is gone. */
static bool read_entry(const char *pid, struct entry *entry)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    ssize_t got = read(fd, text, sizeof text - 1);
    close(fd);
    text[got > 0 ? got : 0] = '\0';
    const char *rest = strrchr(text, ')'); /* the name may hold blanks and brackets */
    int parent, group;
    if (!rest || sscanf(rest, ") %c %d %d", &entry->state, &parent, &group) != 3) {
        return false;
    }
    entry->pid = (pid_t)strtol(pid, NULL, 10);
    entry->parent = parent;
    entry->group = group;
    entry->below = false;
    return true;
}

/* All processes; `entries` is the caller's to free. False: errno is set. */
static bool read_all(struct entries *entries)
{
    DIR *proc = opendir("/proc");
    *entries = (struct entries){0};
    if (!proc) {
        return false;
    }
    bool good = true;
    for (const struct dirent *file; good && (file = readdir(proc)) != NULL;) {
        struct entry entry;
        if (!isdigit((unsigned char)file->d_name[0]) || !read_entry(file->d_name, &entry)) {
            continue;
        }
        struct entry *list =
            grown(entries->list, entries->count, &entries->room, sizeof *entries->list);
        good = list != NULL;
        if (good) {
            entries->list = list;
            entries->list[entries->count++] = entry;
        }
    }
    closedir(proc);
    errno = good ? errno : ENOMEM;
    return good;
}

static const struct entry *find(const struct entries *entries, pid_t pid)
{
    for (size_t i = 0; i < entries->count; i++) {
        if (entries->list[i].pid == pid) {
            return &entries->list[i];
        }
    }
    return NULL;
}

/* Marks what is below `root`; or, if that is 0, below each of the group. */
static void mark(struct entries *entries, pid_t root, pid_t group)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < entries->count; i++) {
            struct entry *entry = &entries->list[i];
            const struct entry *parent = entry->below ? NULL : find(entries, entry->parent);
            bool at_top = parent && (root > 0 ? parent->pid == root : parent->group == group);
            if (at_top || (parent && parent->below)) {
                entry->below = more = true;
            }
        }
    }
}

static bool is_done(const struct entry *entry, int number)
{
    bool gone = entry->state == 'Z' || entry->state == 'X';
    return gone || (number == SIGSTOP && strchr("Tt", entry->state));
}

/* Walks once, and sends the signal to those on whom it has had no effect yet. Returns how many
 * these were; -1: errno is set. */
static int walk(pid_t root, pid_t group, int number)
{
    struct entries entries;
    int count = -1;
    int why = 0;
    if (read_all(&entries)) {
        count = 0;
        mark(&entries, root, group);
        for (size_t i = 0; i < entries.count; i++) {
            const struct entry *entry = &entries.list[i];
            if (!entry->below || entry->pid == getpid() || is_done(entry, number)) {
                continue;
            }
            count++;
            if (kill(entry->pid, number) != 0 && errno != ESRCH) {
                why = errno;
            }
        }
    }
    free(entries.list);
    errno = why ? why : errno;
    return why ? -1 : count;
}

static bool walk_until_done(pid_t root, pid_t group, int number)
{
    assert(root > 1 || (root == 0 && group > 1)); /* never all of the machine */
    const struct timespec moment = {.tv_nsec = 200000};
    int64_t until_ns = monotonic_ns() + TREE_TIMEOUT_NS;
    int count;
    while ((count = walk(root, group, number)) > 0) {
        if (monotonic_ns() > until_ns) {
            errno = ETIMEDOUT;
            return false;
        }
        nanosleep(&moment, NULL);
    }
    return count == 0;
}

bool tree_stop(pid_t root)
{
    return walk_until_done(root, 0, SIGSTOP);
}

bool tree_go_on(pid_t root)
{
    assert(root > 1);
    return walk(root, 0, SIGCONT) >= 0;
}

/* Who is stopped first cannot fork any more while the others are being killed. */
bool tree_kill(pid_t root)
{
    return walk_until_done(root, 0, SIGSTOP) && walk_until_done(root, 0, SIGKILL);
}

bool tree_kill_below_group(pid_t group)
{
    return walk_until_done(0, group, SIGSTOP) && walk_until_done(0, group, SIGKILL);
}
