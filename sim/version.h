/* Which hustings this is: for --version, and for what a run leaves behind. */
#ifndef HUSTINGS_VERSION_H
#define HUSTINGS_VERSION_H

/* "0.1.0" */
const char *hustings_version(void);

/* The commit it was built from, "3f2a…", with "-dirty" if the sources differed from it; "unknown"
 * outside a git checkout. */
const char *hustings_commit(void);

#endif
