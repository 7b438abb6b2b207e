/* Which hustings this is: for --version, and for what a run leaves behind. */
#ifndef HUSTINGS_VERSION_H
#define HUSTINGS_VERSION_H

/* "0.1.0"; "0.1.0+12" of sources that are 12 commits further than that version's tag;
 * "0.1.0~20261130.0139" of a commit of that minute, before there was such a tag. */
const char *hustings_version(void);

/* The commit it was built from, "3f2a…", with "-dirty" if the sources differed from it; "unknown"
 * where neither git nor an archive of it tells. */
const char *hustings_commit(void);

/* "gcc 12.2.0": the compiler that it was built by. */
const char *hustings_compiler(void);

#endif
