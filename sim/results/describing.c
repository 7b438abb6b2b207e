/* See describing.h. */
#include "sim/results/describing.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/results/datapackage.h"
#include "sim/results/files.h"
#include "sim/results/load.h"
#include "sim/text/errors.h"

const struct describing_file describing_files[DESCRIBING_FILES] = {
    {"datapackage.json", datapackage_write},
    {LOAD_SQLITE, load_sqlite_write},
    {LOAD_DUCKDB, load_duckdb_write},
};

bool describe_folder(const struct described *described, const char *folder, char *error,
                     size_t error_size)
{
    bool good = true;
    assert(described->count > 0);
    for (size_t i = 0; i < DESCRIBING_FILES && good; i++) {
        char *path = NULL;
        errno = ENOMEM;
        good = asprintf(&path, "%s/%s", folder, describing_files[i].name) > 0 &&
               describing_files[i].write(path, described);
        if (!good) {
            int why = errno;
            snprintf(error, error_size, "%s/%s: %s; %s", folder, describing_files[i].name,
                     error_words(why), file_hint(why));
        }
        free(path);
    }
    return good;
}
