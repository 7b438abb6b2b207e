/* Whether what a verb has printed has gone out. */
#ifndef HUSTINGS_CLI_PRINTED_H
#define HUSTINGS_CLI_PRINTED_H

/* Flushes standard output at the end of a verb that ends with `code`. What could not be written is
 * a failure of the world: says so on standard error, and returns EXIT_WORLD, unless `code` is the
 * graver EXIT_INTERRUPTED. A reader who has simply gone (`| head`) has seen what it wanted. */
int cli_printed(int code);

#endif
