/* Version and commit, from the header that the build writes (version.cmake). */
#include "sim/version.h"

#include "hustings_version.h"

const char *hustings_version(void)
{
    return HUSTINGS_VERSION;
}

const char *hustings_commit(void)
{
    return HUSTINGS_COMMIT;
}
