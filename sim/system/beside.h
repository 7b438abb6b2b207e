/* Files that lie beside this executable. */
#ifndef HUSTINGS_SYSTEM_BESIDE_H
#define HUSTINGS_SYSTEM_BESIDE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether there is a file of this name beside this executable; its path. */
bool file_beside_us(const char *name, char *path, size_t size);

#endif
