/* How far a grid is. See eta.h. */
#include "sim/grid/eta.h"

#include <assert.h>
#include <string.h>

#include "src/units.h"

#define BAR 24

char *eta_text(const struct grid_progress *progress, char *out, size_t size)
{
    assert(progress->finished <= progress->cells);
    size_t left = progress->cells - progress->finished;
    if (progress->run == 0) {
        snprintf(out, size, "?");
        return out;
    }
    double seconds = (double)progress->ns / (double)progress->run * (double)left / (double)NS_PER_S;
    long whole = (long)(seconds + 0.999);
    if (whole < 60) {
        snprintf(out, size, "%ld s", whole);
    } else if (whole < 3600) {
        snprintf(out, size, "%ld min %ld s", whole / 60, whole % 60);
    } else {
        snprintf(out, size, "%ld h %ld min", whole / 3600, whole % 3600 / 60);
    }
    return out;
}

void eta_show(FILE *to, const char *kind, const struct grid_progress *progress)
{
    char left[40];
    size_t done = progress->cells > 0 ? progress->finished * BAR / progress->cells : 0;
    fprintf(to, "\r\033[K  %s  %zu of %zu cells  ", kind, progress->finished, progress->cells);
    for (size_t i = 0; i < BAR; i++) {
        fputs(i < done ? "━" : "─", to);
    }
    fprintf(to, "  %s left", eta_text(progress, left, sizeof left));
    fflush(to);
}

void eta_erase(FILE *to)
{
    fputs("\r\033[K", to);
    fflush(to);
}
