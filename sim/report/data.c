/* The data of the page as they are written. See data.h. */
#include "sim/report/data.h"

bool data_wrong(struct data *data, const char *path, const char *what)
{
    if (!data->error[0]) {
        snprintf(data->error, sizeof data->error, "%s: %s", path, what);
    }
    return false;
}
