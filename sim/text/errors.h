/* The words for an errno and for a signal: what strerror() and strsignal() say, but safe in every
 * thread. Always English, never NULL; the texts are constants. */
#ifndef HUSTINGS_TEXT_ERRORS_H
#define HUSTINGS_TEXT_ERRORS_H

/* "No such file or directory". */
const char *error_words(int error);

/* "Segmentation fault". */
const char *signal_words(int number);

#endif
