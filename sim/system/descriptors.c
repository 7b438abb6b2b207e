/* Descriptors 0, 1 and 2, and how many there may be. See descriptors.h. */
#include "sim/system/descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>
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
