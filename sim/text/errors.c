/* The words for an errno and for a signal. See errors.h. */
#include "sim/text/errors.h"

#include <string.h>

/* glibc has words that it does not translate. Elsewhere (musl) strerror() does not either, as long
 * as nobody calls setlocale(). */
#ifdef __GLIBC__
#define DESCRIBE_ERROR strerrordesc_np
#define DESCRIBE_SIGNAL sigdescr_np
#else
#define DESCRIBE_ERROR strerror
#define DESCRIBE_SIGNAL strsignal
#endif

const char *error_words(int error)
{
    const char *words = DESCRIBE_ERROR(error);
    return words ? words : "an error that the system has no words for";
}

const char *signal_words(int number)
{
    const char *words = DESCRIBE_SIGNAL(number);
    return words ? words : "a signal that the system has no words for";
}
