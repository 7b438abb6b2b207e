/* The words for an errno and for a signal. See errors.h. */
#include "sim/text/errors.h"

#include <string.h>

const char *error_words(int error)
{
    const char *words = strerrordesc_np(error);
    return words ? words : "an error that the system has no words for";
}

const char *signal_words(int number)
{
    const char *words = sigdescr_np(number);
    return words ? words : "a signal that the system has no words for";
}
