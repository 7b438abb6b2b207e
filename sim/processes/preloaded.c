/* The library hustings_clock.so, see preload.h. It runs inside redis-server, or a program of the
 * user's, from its first instruction on: allocators ask for the time before anything is set up. So
 * it looks nothing up by dlsym(), takes no memory and asks the kernel itself. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "sim/processes/preload.h"
#include "src/units.h"

static struct preload *shared;

__attribute__((constructor)) static void attach(void)
{
    const char *path = getenv(PRELOAD_VARIABLE);
    if (path && strcmp(path, PRELOAD_ASKS) == 0) {
        ssize_t written = write(STDOUT_FILENO, PRELOAD_ANSWER, sizeof PRELOAD_ANSWER - 1);
        _exit(written > 0 ? 0 : 1);
    }
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0) {
        return;
    }
    void *memory = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (memory != MAP_FAILED) {
        shared = memory;
    }
}

/* --- the wall clock --------------------------------------------------------------------------- */

static int ask_kernel(clockid_t clock, struct timespec *now)
{
    return (int)syscall(SYS_clock_gettime, clock, now);
}

static int64_t in_ns(const struct timespec *time)
{
    return (int64_t)time->tv_sec * NS_PER_S + time->tv_nsec;
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    struct timespec true_now;
    int status = ask_kernel(clock, now);
    if (status != 0 || !shared || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) {
        return status;
    }
    if (atomic_load_explicit(&shared->asked, memory_order_relaxed) == 0) {
        atomic_store(&shared->asked, 1);
    }
    struct skew skew = skew_read(&shared->wall);
    ask_kernel(CLOCK_MONOTONIC, &true_now);
    int64_t shown = in_ns(now) + skew_at(&skew, in_ns(&true_now));
    now->tv_sec = (time_t)(shown / NS_PER_S);
    now->tv_nsec = (long)(shown % NS_PER_S);
    return 0;
}

/* The C library declares its second argument in more than one way. */
int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec precise;
    (void)zone;
    int status = clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return status;
}

int timespec_get(struct timespec *now, int base)
{
    return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0;
}

time_t time(time_t *now)
{
    struct timespec precise;
    clock_gettime(CLOCK_REALTIME, &precise);
    if (now) {
        *now = precise.tv_sec;
    }
    return precise.tv_sec;
}

/* --- what is on the disk ---------------------------------------------------------------------- */

static struct preload_file *place_of(uint64_t inode)
{
    assert(shared);
    for (int i = 0; i < PRELOAD_FILES; i++) {
        uint64_t none = 0;
        struct preload_file *file = &shared->files[i];
        if (atomic_load(&file->inode) == inode ||
            atomic_compare_exchange_strong(&file->inode, &none, inode) || none == inode) {
            return file;
        }
    }
    return NULL;
}

/* What was in the file before the call is on the disk after it; what others write meanwhile may not
 * be. */
static int sync_noting(long call, int fd)
{
    struct stat status;
    bool known = shared && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    int result = (int)syscall(call, fd);
    int why = errno;
    struct preload_file *file = known && result == 0 ? place_of((uint64_t)status.st_ino) : NULL;
    if (file) {
        atomic_store(&file->synced, (int64_t)status.st_size);
    }
    errno = why;
    return result;
}

int fsync(int fd)
{
    return sync_noting(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return sync_noting(SYS_fdatasync, fd);
}
