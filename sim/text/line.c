/* Clean lines into files. See clean.h. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/clean.h"

void clean_line(FILE *file, const char *format, ...)
{
    char little[400];
    char *whole = NULL;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(little, sizeof little, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof little && (whole = malloc((size_t)length + 1)) != NULL) {
        va_start(arguments, format);
        vsnprintf(whole, (size_t)length + 1, format, arguments);
        va_end(arguments);
    }
    char *text = whole ? whole : little;
    fprintf(file, "%s\n", clean_text(text, text, strlen(text) + 1));
    free(whole);
}
