/* The formats: one row each. See export.h. */
#include <stddef.h>

#include "sim/export/export.h"

const struct export_row *const export_rows[] = {&export_perfetto, &export_shiviz, &export_edn,
                                                NULL};
