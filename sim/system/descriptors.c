/* Descriptors 0, 1 and 2, and how many there may be. See descriptors.h. */
#include "sim/system/descriptors.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

bool descriptors_hold(void)
{
    int fd;
    do { /* the lowest that is free comes first */
        fd = open("/dev/null", O_RDONLY);
    } while (fd >= 0 && fd <= STDERR_FILENO);
    return fd >= 0 && close(fd) == 0;
}

void descriptors_silence(int first, int last)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = first; null >= 0 && fd <= last; fd++) {
        dup2(null, fd);
    }
    if (null > STDERR_FILENO) {
        close(null);
    }
}

/* By asking the kernel (5.9). The C library knows of it later (glibc 2.34, no musl yet), and a
 * sandbox may forbid it, or say that there is no such thing. */
static bool close_at_once(unsigned first, unsigned last)
{
#ifdef SYS_close_range
    return syscall(SYS_close_range, first, last, 0U) == 0;
#else
    (void)first;
    (void)last;
    return false;
#endif
}

/* Without a list of them: all that there may be. */
static void close_each(unsigned first, unsigned last)
{
    long limit = sysconf(_SC_OPEN_MAX);
    unsigned end = limit > 0 && limit < INT_MAX ? (unsigned)limit : INT_MAX;
    for (unsigned fd = first; fd <= last && fd < end; fd++) {
        close((int)fd);
    }
}

void descriptors_close(unsigned first, unsigned last)
{
    assert(first > STDERR_FILENO);
    if (first > last || close_at_once(first, last)) {
        return;
    }
    close((int)first); /* so that one is free for the list, whose own is not among the others */
    DIR *folder = opendir("/proc/self/fd");
    if (!folder) {
        close_each(first, last);
        return;
    }
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        unsigned long fd = strtoul(entry->d_name, NULL, 10); /* 0 of . and .. */
        if (fd >= first && fd <= last && fd != (unsigned long)dirfd(folder)) {
            close((int)fd);
        }
    }
    closedir(folder);
}

bool descriptors_output_closed(void)
{
    return (fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY;
}

void descriptors_allow_many(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}
