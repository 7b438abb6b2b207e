/* A stream for JSON that stands in HTML. See escape.h. */
#include "sim/report/escape.h"

#include <string.h>
#include <sys/types.h>

static ssize_t put(void *self, const char *bytes, size_t size)
{
    FILE *file = self;
    const char *at = bytes, *end = bytes + size;
    while (at < end) {
        const char *sign = memchr(at, '<', (size_t)(end - at));
        size_t plain = (size_t)((sign ? sign : end) - at);
        if (fwrite(at, 1, plain, file) < plain || (sign && fputs("\\u003c", file) == EOF)) {
            return 0; /* an error; errno is set */
        }
        at += plain + (sign != NULL);
    }
    return (ssize_t)size;
}

FILE *escaped(FILE *file)
{
    FILE *stream = fopencookie(file, "w", (cookie_io_functions_t){.write = put});
    if (stream) {
        setvbuf(stream, NULL, _IOFBF, 1 << 16);
    }
    return stream;
}
