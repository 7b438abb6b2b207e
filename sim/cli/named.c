/* Which scenario is meant. See named.h. */
#include "sim/cli/named.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "sim/results/shipped.h"
#include "sim/text/clean.h"

const char *named_scenario(const char *program, const char *word, char *found, FILE *said)
{
    char near[PATH_MAX];
    const char *path = shipped_named(program, word, found, PATH_MAX);
    bool missing = strcmp(path, "-") != 0 && access(path, F_OK) != 0 && errno == ENOENT;
    if (missing && shipped_near(program, word, near, sizeof near)) {
        clean_line(said,
                   "%s: there is no such file, and no scenario that comes with hustings is called "
                   "so; did you mean %s? See: hustings list scenarios",
                   word, near);
        return NULL;
    }
    return path;
}
