/* The next option of a command line. getopt_long() keeps its place in a variable of the whole
 * program and so is not safe among threads: all verbs call it here, before there are any. */
#ifndef HUSTINGS_CLI_OPTION_H
#define HUSTINGS_CLI_OPTION_H

#include <getopt.h>

/* As getopt_long(): the option's letter or value, '?' for a wrong one (it has said so), -1 at the
 * end. `optarg` and `optind` are its. */
int option_next(int argc, char **argv, const char *letters, const struct option *names);

#endif
