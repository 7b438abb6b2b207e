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

/* What a tree is below. */
struct top {
    pid_t root;    /* this one; or, if 0, */
    pid_t group;   /* each of this process group; or, if 0, the caller: of its children, those */
    pid_t session; /* … that are not in this session */
};

struct entry {
    pid_t pid, parent, group, session;
    char state;
    long threads;
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
    if (!rest || strlen(rest) < 4) {
        return false;
    }
    char *next;
    entry->state = rest[2];
    entry->pid = (pid_t)strtol(pid, NULL, 10);
    entry->parent = (pid_t)strtol(rest + 3, &next, 10);
    entry->group = (pid_t)strtol(next, &next, 10);
    entry->session = (pid_t)strtol(next, &next, 10);
    for (int skipped = 7; skipped < 20; skipped++) {
        strtoull(next, &next, 10);
    }
    entry->threads = strtol(next, NULL, 10);
    entry->below = false;
    return true;
}

static int by_pid(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    return (a->pid > b->pid) - (a->pid < b->pid);
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
    if (entries->count > 0) {
        qsort(entries->list, entries->count, sizeof *entries->list, by_pid);
    }
    errno = good ? errno : ENOMEM;
    return good;
}

static const struct entry *find(const struct entries *entries, pid_t pid)
{
    const struct entry wanted = {.pid = pid};
    assert(entries->count > 0);
    return bsearch(&wanted, entries->list, entries->count, sizeof wanted, by_pid);
}

/* Whether it is a child of what the tree is below. */
static bool is_at_top(const struct top *top, const struct entry *entry, const struct entry *parent)
{
    if (top->root > 0) {
        return parent->pid == top->root;
    }
    if (top->group > 0) {
        return parent->group == top->group;
    }
    return parent->pid == getpid() && entry->session != top->session;
}

/* Marks what belongs to the tree. */
static void mark(struct entries *entries, const struct top *top)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < entries->count; i++) {
            struct entry *entry = &entries->list[i];
            const struct entry *parent = entry->below ? NULL : find(entries, entry->parent);
            if (parent && (parent->below || is_at_top(top, entry, parent))) {
                entry->below = more = true;
            }
        }
    }
}

static bool is_stopped(const struct entry *entry)
{
    return strchr("Tt", entry->state) != NULL;
}

/* Whether it waits in the kernel, as a parent does after vfork(), for a child that is stopped: it
 * stands as long as that, and a SIGSTOP that it was sent stops it before it goes on. */
static bool waits_for_stopped(const struct entries *entries, const struct entry *parent)
{
    for (size_t i = 0; parent->state == 'D' && i < entries->count; i++) {
        if (entries->list[i].parent == parent->pid && is_stopped(&entries->list[i])) {
            return true;
        }
    }
    return false;
}

/* Of a process that is killed, one thread may be gone and others hold its sockets still. */
static bool is_done(const struct entry *entry, int number)
{
    bool gone = strchr("ZX", entry->state) && (number == SIGSTOP || entry->threads <= 1);
    return gone || (number == SIGSTOP && is_stopped(entry));
}

/* Walks once, and sends the signal to those on whom it has had no effect yet. Returns how many
 * these were; -1: errno is set. */
static int walk(const struct top *top, int number)
{
    struct entries entries;
    int count = -1;
    int why = 0;
    if (read_all(&entries)) {
        count = 0;
        mark(&entries, top);
        for (size_t i = 0; i < entries.count; i++) {
            const struct entry *entry = &entries.list[i];
            if (!entry->below || entry->pid == getpid() || is_done(entry, number)) {
                continue;
            }
            count += number == SIGSTOP && waits_for_stopped(&entries, entry) ? 0 : 1;
            if (kill(entry->pid, number) != 0 && errno != ESRCH) {
                why = errno;
            }
        }
    }
    free(entries.list);
    errno = why ? why : errno;
    return why ? -1 : count;
}

static bool walk_until_done(const struct top *top, int number)
{
    const struct timespec moment = {.tv_nsec = 200000};
    int64_t until_ns = monotonic_ns() + TREE_TIMEOUT_S * INT64_C(1000000000);
    int count;
    while ((count = walk(top, number)) > 0) {
        if (monotonic_ns() > until_ns) {
            errno = ETIMEDOUT;
            return false;
        }
        nanosleep(&moment, NULL);
    }
    return count == 0;
}

/* Who is stopped first cannot fork any more while the others are being killed. Killed is, too, who
 * could not be stopped. */
static bool kill_all(const struct top *top)
{
    walk_until_done(top, SIGSTOP);
    return walk_until_done(top, SIGKILL);
}

static struct top below(pid_t root)
{
    assert(root > 1); /* never all of the machine */
    return (struct top){.root = root};
}

bool tree_stop(pid_t root)
{
    const struct top top = below(root);
    return walk_until_done(&top, SIGSTOP);
}

bool tree_go_on(pid_t root)
{
    const struct top top = below(root);
    return walk(&top, SIGCONT) >= 0;
}

bool tree_kill(pid_t root)
{
    const struct top top = below(root);
    return kill_all(&top);
}

bool tree_kill_below_group(pid_t group)
{
    const struct top top = {.group = group};
    assert(group > 1);
    return kill_all(&top);
}

bool tree_kill_strays(void)
{
    const struct top top = {.session = getsid(0)};
    return kill_all(&top);
}

bool tree_is(pid_t root, bool (*is)(pid_t pid))
{
    const struct top top = {.root = root};
    struct entries entries;
    bool good = read_all(&entries);
    if (good) {
        mark(&entries, &top);
    }
    for (size_t i = 0; good && i < entries.count; i++) {
        const struct entry *entry = &entries.list[i];
        good = !entry->below || is_done(entry, SIGKILL) || is(entry->pid);
    }
    free(entries.list);
    return good;
}
