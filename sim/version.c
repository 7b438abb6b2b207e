/* Version and commit, from the header that the build writes (cmake/version.cmake). */
#include "sim/version.h"

#include "hustings_version.h"

#define TEXT_OF(number) #number
#define DOTTED(a, b, c) TEXT_OF(a) "." TEXT_OF(b) "." TEXT_OF(c)

const char *hustings_version(void)
{
    return HUSTINGS_VERSION;
}

const char *hustings_commit(void)
{
    return HUSTINGS_COMMIT;
}

const char *hustings_compiler(void)
{
#if defined __clang__
    return "clang " DOTTED(__clang_major__, __clang_minor__, __clang_patchlevel__);
#elif defined __GNUC__
    return "gcc " DOTTED(__GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#else
    return "an unknown compiler";
#endif
}
