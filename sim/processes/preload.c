/* The driver's side of the library that a server is started with. See preload.h. */
#include "sim/processes/preload.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/system/beside.h"
#include "sim/text/errors.h"

bool preload_find(char *path, size_t size, char *error, size_t error_size)
{
    char here[PATH_MAX] = "this program";
    /* Where it is built, where it is installed, by Debian's package, and (for programs of the
     * tests) one folder up. */
    if (file_beside_us(PRELOAD_LIBRARY, path, size) ||
        file_beside_us(HUSTINGS_LIBRARIES "/" PRELOAD_LIBRARY, path, size) ||
        file_beside_us(HUSTINGS_DEBIAN_LIBRARIES "/" PRELOAD_LIBRARY, path, size) ||
        file_beside_us("../" PRELOAD_LIBRARY, path, size)) {
        return true;
    }
    file_beside_us("", here, sizeof here);
    snprintf(error, error_size,
             "it is neither in %.200s nor in %.200s%s; copy it there from where hustings was built",
             here, here, HUSTINGS_LIBRARIES);
    return false;
}

static bool map_file(struct preloading *preloading)
{
    assert(!preloading->shared);
    int fd = open(preloading->file, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    void *memory = MAP_FAILED;
    if (fd >= 0 && ftruncate(fd, sizeof(struct preload)) == 0) {
        memory = mmap(NULL, sizeof(struct preload), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    }
    int why = errno;
    if (fd >= 0) {
        close(fd);
    }
    errno = why;
    preloading->shared = memory == MAP_FAILED ? NULL : memory;
    return preloading->shared != NULL;
}

bool preload_open(struct preloading *preloading, const char *folder, char *error, size_t error_size)
{
    char library[PATH_MAX];
    *preloading = (struct preloading){0};
    if (!preload_find(library, sizeof library, error, error_size)) {
        return false;
    }
    /* LD_PRELOAD is a list with blanks and colons, which a build folder's name may have. */
    snprintf(preloading->library, sizeof preloading->library, "%.110s/%s", folder, PRELOAD_LIBRARY);
    snprintf(preloading->file, sizeof preloading->file, "%.110s/preload", folder);
    if (symlink(library, preloading->library) != 0 || !map_file(preloading)) {
        snprintf(error, error_size, "cannot make %s: %s", preloading->file, error_words(errno));
        return false;
    }
    return true;
}

void preload_close(struct preloading *preloading)
{
    if (preloading->shared) {
        munmap(preloading->shared, sizeof *preloading->shared);
        preloading->shared = NULL;
    }
}

void preload_enter(const struct preloading *preloading)
{
    if (preloading->shared) {
        assert(!strpbrk(preloading->library, " :"));
        /* NOLINTBEGIN(concurrency-mt-unsafe): a forked child has one thread. */
        setenv("LD_PRELOAD", preloading->library, 1);
        setenv(PRELOAD_VARIABLE, preloading->file, 1);
        /* NOLINTEND(concurrency-mt-unsafe) */
    }
}

/* --- loss of power ---------------------------------------------------------------------------- */

static off_t synced_length(const struct preload *shared, ino_t inode)
{
    for (int i = 0; i < PRELOAD_FILES; i++) {
        if (atomic_load(&shared->files[i].inode) == (uint64_t)inode) {
            return (off_t)atomic_load(&shared->files[i].synced);
        }
    }
    return 0;
}

static bool cut_file(const struct preload *shared, const char *path)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        return errno == ENOENT;
    }
    off_t length = synced_length(shared, status.st_ino);
    return !S_ISREG(status.st_mode) || length >= status.st_size || truncate(path, length) == 0;
}

/* redis-server keeps its files in its folder and, with AOF, one level below. */
static bool cut_folder(const struct preload *shared, const char *folder, int levels)
{
    char path[512];
    bool good = true;
    assert(levels >= 0);
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    while (entries && good && (entry = readdir(entries))) {
        snprintf(path, sizeof path, "%.200s/%.255s", folder, entry->d_name);
        if (entry->d_type != DT_DIR) {
            good = cut_file(shared, path);
        } else if (levels > 0 && entry->d_name[0] != '.') {
            good = cut_folder(shared, path, levels - 1);
        }
    }
    if (entries) {
        closedir(entries);
    }
    return good && entries;
}

bool preload_cut_power(const struct preloading *preloading, const char *folder, char *error,
                       size_t error_size)
{
    assert(preloading->shared);
    if (cut_folder(preloading->shared, folder, 1)) {
        return true;
    }
    snprintf(error, error_size, "cannot cut the files in %s: %s", folder, error_words(errno));
    return false;
}
