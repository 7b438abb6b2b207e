/* Which plan a file of cells belongs to: its first line. See head.h. */
#include "sim/grid/head.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/digest.h"
#include "sim/text/ordinary.h"

#define OURS "hustings-grid "

void head_write(char head[GRID_HEAD], const struct grid_plan *plan)
{
    assert(plan->text && plan->kind);
    snprintf(head, GRID_HEAD, OURS "3 %.60s %zu %016" PRIx64 " %016" PRIx64, plan->kind,
             plan->cells, digest_bytes(plan->text, strlen(plan->text)), plan->programs);
}

/* The first line of a folder's file, without its end; "": there is none. */
static void read_head(const char *folder, char head[GRID_HEAD])
{
    const char *why;
    char *path = NULL;
    FILE *file = asprintf(&path, "%s/" GRID_FILE, folder) > 0 ? ordinary_open(path, &why) : NULL;
    head[0] = '\0';
    if (file && !fgets(head, GRID_HEAD, file)) {
        head[0] = '\0';
    }
    head[strcspn(head, "\n")] = '\0';
    if (file) {
        fclose(file);
    }
    free(path);
}

bool grid_belongs(const char *folder, struct grid_plan *plan)
{
    char head[GRID_HEAD], ours[GRID_HEAD];
    read_head(folder, head);
    const char *last = strrchr(head, ' ');
    struct grid_plan with = *plan;
    with.programs = last ? strtoull(last + 1, NULL, 16) : 0;
    head_write(ours, &with);
    bool same = strcmp(head, ours) == 0;
    plan->programs = same ? with.programs : plan->programs;
    return same;
}

bool grid_is_in(const char *folder)
{
    char head[GRID_HEAD];
    assert(folder);
    read_head(folder, head);
    return strncmp(head, OURS, strlen(OURS)) == 0;
}

bool grid_same(const char *folder, const char *other)
{
    char head[GRID_HEAD], another[GRID_HEAD];
    read_head(folder, head);
    read_head(other, another);
    return !*head || !*another || strcmp(head, another) == 0;
}
