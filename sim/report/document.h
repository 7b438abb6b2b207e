/* The data of the page: one JSON document. */
#ifndef HUSTINGS_REPORT_DOCUMENT_H
#define HUSTINGS_REPORT_DOCUMENT_H

#include "sim/report/data.h"

/* Writes the data of these results folders onto data->file. False: data->error says why. */
bool document_write(struct data *data, char *const *folders, size_t count);

#endif
