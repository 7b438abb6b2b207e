/* The table of scripts. See script.h, which tells how to add one. */
#include "sim/wild/script.h"

/* What every manual has. GET, compare, DEL or PEXPIRE or EXPIRE. */
#define COMPARED(command) "ifredis.call(\"get\",keys[1])==argv[1]thenreturnredis.call(" command ")"
#define RELEASE COMPARED("\"del\",keys[1]")
#define PROLONG COMPARED("\"pexpire\",keys[1],argv[2]")
#define PROLONG_S COMPARED("\"expire\",keys[1],argv[2]")
#define ELSE_0 "elsereturn0end"
#define END_0 "endreturn0"

#define TAKES .op = STORE_PUT_IF_ABSENT, .token = 1, .ttl = 2
#define PROLONGS .op = STORE_EXTEND_IF_EQUAL, .token = 1, .ttl = 2
#define RELEASES .op = STORE_DELETE_IF_EQUAL, .token = 1

static const struct script_row rows[] = {
    /* clang-format off */
    {"a script of the manuals", NULL, RELEASE ELSE_0, RELEASES, .yes = YES_NOT_NIL},
    {"a script of the manuals", NULL, RELEASE END_0, RELEASES, .yes = YES_NOT_NIL},
    {"a script of the manuals", NULL, PROLONG ELSE_0, PROLONGS, .yes = YES_NOT_NIL},
    {"a script of the manuals", NULL, PROLONG END_0, PROLONGS, .yes = YES_NOT_NIL},
    {"a script of the manuals", NULL, PROLONG_S ELSE_0, PROLONGS, .yes = YES_NOT_NIL,
     .seconds = true},
    {"a script of the manuals", NULL, PROLONG_S END_0, PROLONGS, .yes = YES_NOT_NIL,
     .seconds = true},

    /* redis.lock.Lock of redis-py 2.10 to 4.3.4 and later; tooz has it, too. */
    {"redis-py", "c3f8721cbb97f72bc19e972846bd7aaf91901658", NULL, RELEASES, .yes = YES_NOT_NIL},
    {"redis-py", "a4e8783852e6b949f9ef3a97212805108459a890", NULL, PROLONGS, .yes = YES_NOT_NIL,
     .adds = 3},
    {"redis-py", "1cac51482acf5858da00f6d685d68f886cd6b6b2", NULL, PROLONGS, .yes = YES_NOT_NIL},

    {"npm redlock 4.2.0", "e5a322e2634ef59a516e8ea150cb085afafee684", NULL, TAKES, .yes = YES_ALL},
    {"npm redlock 4.2.0", "ce46f80993d5dac20dd066eb301a4e37994bdbed", NULL, PROLONGS,
     .yes = YES_ALL},
    {"npm redlock 4.2.0", "0f0f23b9048b36752b5be114f357ba083449f908", NULL, RELEASES,
     .yes = YES_ALL},
    {"npm redlock 5.0.0-beta.2", "96da70f7716f27d278a5218544df37fd8b0a5e4c", NULL, TAKES,
     .yes = YES_ALL},
    {"npm redlock 5.0.0-beta.2", "aed6f382e410db8ba7926d4e5e9aab410bf2a78a", NULL, PROLONGS,
     .yes = YES_ALL},
    {"npm redlock 5.0.0-beta.2", "e4612211c9f8f51c257e26e056b0a654b3187242", NULL, RELEASES,
     .yes = YES_ALL},

    /* ARGV[1] is the database. */
    {"@sesamecare-oss/redlock 1.4.0", "1b77b94aa78451d55dfa97e18819bfbfc596cb5b", NULL,
     STORE_PUT_IF_ABSENT, 2, 3, .yes = YES_ALL},
    {"@sesamecare-oss/redlock 1.4.0", "820e9778d2b6733e9ed771e4be90ae73a95a6f3b", NULL,
     STORE_EXTEND_IF_EQUAL, 2, 3, .yes = YES_ALL},
    {"@sesamecare-oss/redlock 1.4.0", "df51f6837dcfe303d334e6abea9aeae192bab216", NULL,
     STORE_DELETE_IF_EQUAL, 2, 0, .yes = YES_ALL},

    {"redis-semaphore 5.8.0", "594683e49a64ebaf975caf5f8079a1d097c438f1", NULL, PROLONGS,
     .yes = YES_NOT_NIL},
    {"redis-semaphore 5.8.0", "7157921a7cc7cfba979acf6d63f073151df17d12", NULL, RELEASES,
     .yes = YES_NOT_NIL},

    /* Key, TTL and token are all sent as keys. */
    {"node-redis-warlock 1.0.2", "78d3bb55c589f1b2edf66f3527f5017f8dfcd6bb", NULL,
     STORE_EXTEND_IF_EQUAL, -3, -2, .yes = YES_NOT_NIL},
    {"node-redis-warlock 1.0.2", "5cc368fb92acd8fee3a986dc8e971d6cf28c3b44", NULL, RELEASES,
     .yes = YES_NOT_NIL},

    /* The second key is the channel on which it tells that the lock is free. */
    {"simple-redis-mutex 3.0.0", "02718596825c5bf6c57af391b4dc01a6d2d9d88a", NULL, RELEASES,
     .yes = YES_UNTOLD},

    {"ts-safe-redis-leader 0.0.5", "6b5149b3c05f88f59a286419448e023b593d8e27", NULL, RELEASES,
     .yes = YES_NOT_NIL},
    {"ts-safe-redis-leader 0.0.5", "ff44c34a37787da37bb4a38d8d9a1b17a4d6058f", NULL, PROLONGS,
     .yes = YES_NOT_NIL},

    /* Who has the lock takes it again, which sets its TTL anew. */
    {"@medusajs/locking-redis 2.21.2", "0eafb65e6aa537bcc966e2af2a66dc7f3f66e121", NULL, TAKES,
     .yes = YES_NOT_NIL, .seconds = true},
    {"@medusajs/locking-redis 2.21.2", "4294933f08f20c8eba99ef809315810389dfb0a3", NULL, PROLONGS,
     .yes = YES_NOT_NIL, .seconds = true},
    {"@medusajs/locking-redis 2.21.2", "a0b59436cc046114766453c42adbb4c9c62ca99c", NULL, RELEASES,
     .yes = YES_NOT_NIL},

    /* The lock is a sorted set; each twice: with the server's clock, and with the client's. The
     * scripts of its read locks (b5745b5b…, dee54f77…) are not here: several may have one at once,
     * so nobody can judge them. */
    {"php-symfony-lock 5.4", "6fdee501a3714553b74c0d67687b921b90b05d18", NULL,
     STORE_PUT_IF_ABSENT, 2, 3, .yes = YES_NOT_NIL},
    {"php-symfony-lock 5.4", "abdbb1413a25737fc4cfb9cf79ace1a22dad6ab3", NULL,
     STORE_PUT_IF_ABSENT, 2, 3, .yes = YES_NOT_NIL},
    {"php-symfony-lock 5.4", "63be12a3515941092212f15c08327d60916de9fa", NULL,
     STORE_EXTEND_IF_EQUAL, 2, 3, .yes = YES_NOT_NIL},
    {"php-symfony-lock 5.4", "fe7bee082a8220c6b621ace999a1ab57c4ab5145", NULL,
     STORE_EXTEND_IF_EQUAL, 2, 3, .yes = YES_NOT_NIL},
    {"php-symfony-lock 5.4", "a70f7f5087a0cb2c2c9ca50d1f64e234c2628f0c", NULL, RELEASES,
     .yes = YES_NOT_NIL},
    /* They only ask whether it has it. */
    {"php-symfony-lock 5.4", "3b6bdbbe16f821f49177b16c7707f331f015a779", NULL, .token = 2,
     .yes = YES_NOT_NIL, .asks = true},
    {"php-symfony-lock 5.4", "e27f94ac94f5d96f23f2e8697462233b6349a566", NULL, .token = 2,
     .yes = YES_NOT_NIL, .asks = true},

    {"redlock-universal 0.8.5", "e218d686a8f90368e5cd45074f06ce766cad9987", NULL, PROLONGS,
     .yes = YES_NOT_NIL},
    {"redlock-universal 0.8.5", "c000e088bd4aca36ab429d3b7a16fc736f4cb6f1", NULL,
     STORE_EXTEND_IF_EQUAL, 1, 3, .yes = YES_FIRST},
    {"redlock-universal 0.8.5", "fd83166fb3d7235e3ace652b700c9e217c1adc1f", NULL, RELEASES,
     .yes = YES_NOT_NIL},
    {"@microfleet/ioredis-lock 6.0.1", "da225123b2af4a41136fdba7ffac1e045e344da1", NULL, RELEASES,
     .yes = YES_NOT_NIL},
    {"@microfleet/ioredis-lock 6.0.1", "bf3108245472c550b02852e1e425128e5eb399c4", NULL, PROLONGS,
     .yes = YES_NOT_NIL},
    {"php-illuminate-cache 8.83", "647c65a442733a1aa440f99908d249d13b4d6c4a", NULL, RELEASES,
     .yes = YES_NOT_NIL},
    /* clang-format on */
};

size_t script_count(void)
{
    return sizeof rows / sizeof *rows;
}

const struct script_row *script_at(size_t i)
{
    return i < script_count() ? &rows[i] : NULL;
}
