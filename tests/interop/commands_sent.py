"""What each lock and each protocol sends, in words, for test_commands.py: a lock or a protocol that
`hustings list` names has an entry here."""
import collections

# TTL and RETRY are set in every story; the TTL is no whole number of seconds.
TTL_MS = 1700
TIMES = "ttl: 1700ms, retry: 20ms"

COMPARE_AND_DELETE = (
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
)

COMPARE_AND_EXTEND = (
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2])"
    " end return 0"
)

COMPARE_AND_SET = (
    "if (redis.call('GET', KEYS[1]) or '') == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2])"
    " return tonumber(ARGV[3]) end return 0"
)

PUT_AND_COUNT = (
    "if redis.call('SET', KEYS[1], ARGV[1], 'NX', unpack(ARGV, 2)) then "
    "local epoch = redis.pcall('INCR', KEYS[2]) "
    "if type(epoch) == 'number' and epoch < 1 then "
    "epoch = redis.error_reply('ERR the epoch is below 1') end "
    "if type(epoch) == 'table' then redis.call('DEL', KEYS[1]) end "
    "return epoch end "
    "if redis.pcall('GET', KEYS[1]) == ARGV[1] then "
    "return math.max(redis.call('INCRBY', KEYS[2], 0), 0) end "
    "return 0"
)



def record(holder, grant="[1-9][0-9]*"):
    """The pattern of a record."""
    return (
        rf'\{{"holder": "{holder}", "leaseMs": {TTL_MS}, "acquire": [0-9]+, "renew": [0-9]+,'
        rf' "transitions": {grant}\}}'
    )


RECORDS = {
    "FOUND": f"(?:|{record('[0-9a-f]{32}')}|{record('')})",
    "TAKEN": record("(?P<token>[0-9a-f]{32})", "(?P<grant>[1-9][0-9]*)"),
    "GRANT": "(?P=grant)",
    "MINE": record("(?P<token>[0-9a-f]{32})"),
    "RENEWED": record("(?P=token)"),
    "FREED": record(""),
}

OWN_EPOCH = (
    "if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then return 0 end "
    "local epoch = tonumber(redis.pcall('GET', KEYS[2])) or 0 "
    "return epoch > 0 and epoch or -1"
)

# A command: the moment that it is to an election, its words, and for a script its text and all that
# it may do. What stands in capitals there is a key or a value, see with_values(); the rest is meant
# byte by byte.
Command = collections.namedtuple("Command", "moment words script does", defaults=(None, ()))


# A lock: its commands by name, and the order in which they take it and give it back if nothing goes
# wrong. `+`: at least once; `?`: perhaps.
# What `tries` names may come between two tries to take it.
Lock = collections.namedtuple("Lock", "values takes gives commands tries", defaults=((),))
LOCKS = {
    "none": Lock("none", [], [], {}),
    "setnx": Lock(
        f"{{setnx: {{{TIMES}}}}}",
        ["ask+", "date"],
        ["release"],
        {
            "ask": Command("asks_lock", "SET LOCK TOKEN NX"),
            "date": Command(None, "EXPIRE LOCK 2"),
            "release": Command("releases_lock", "DEL LOCK"),
        },
    ),
    "token": Lock(
        f"{{token: {{{TIMES}}}}}",
        ["ask+"],
        ["release"],
        {
            "ask": Command("asks_lock", f"SET LOCK TOKEN NX PX {TTL_MS}"),
            "look": Command(None, "GET LOCK"),
            "release": Command(
                "releases_lock",
                "SCRIPT 1 LOCK TOKEN",
                COMPARE_AND_DELETE,
                (["GET LOCK"], ["GET LOCK", "DEL LOCK"]),
            ),
            "extend": Command(
                "extends_lock",
                f"SCRIPT 1 LOCK TOKEN {TTL_MS}",
                COMPARE_AND_EXTEND,
                (["GET LOCK", f"PEXPIRE LOCK {TTL_MS}"],),
            ),
        },
    ),
}

# Its writes are one script: take it from nobody or from who has not renewed, renew, give back.
WRITES = (["GET LOCK"], ["GET LOCK", "SET LOCK WRITTEN"])
LOCKS["record"] = Lock(
    f"{{record: {{{TIMES}}}}}",
    ["ask"],
    ["release"],
    {
        "extend": Command("extends_lock", "SCRIPT 1 LOCK MINE RENEWED 1", COMPARE_AND_SET, WRITES),
        "ask": Command("asks_lock", "SCRIPT 1 LOCK FOUND TAKEN GRANT", COMPARE_AND_SET, WRITES),
        "look": Command(None, "GET LOCK"),
        "release": Command("releases_lock", "SCRIPT 1 LOCK MINE FREED 1", COMPARE_AND_SET, WRITES),
    },
    ("look",),
)
LOCKS["record fenced"] = LOCKS["record"]._replace(
    values=f"{LOCKS['record'].values}\nfencing: true"
)

# The same with fencing: what takes it counts it.
SET_LOCK = f"SET LOCK TOKEN NX PX {TTL_MS}"
LOCKS["token fenced"] = LOCKS["token"]._replace(
    values=f"{LOCKS['token'].values}\nfencing: true",
    commands={
        **{name: LOCKS["token"].commands[name] for name in ("release", "extend")},
        "ask": Command(
            "asks_lock",
            f"SCRIPT 2 LOCK EPOCH TOKEN PX {TTL_MS}",
            PUT_AND_COUNT,
            (
                [SET_LOCK, "INCR EPOCH"],
                [SET_LOCK, "GET LOCK"],
                [SET_LOCK, "GET LOCK", "INCRBY EPOCH 0"],
            ),
        ),
        "adopt": Command(
            None, "SCRIPT 2 LOCK EPOCH TOKEN", OWN_EPOCH, (["GET LOCK", "GET EPOCH"],)
        ),
    },
)

# It asks servers of its own, which nobody can watch; to each the words are the token lock's.
NOT_WATCHED = {"redlock"}

# A protocol: its commands by name, and for each set of its parameters the rounds of a member, of
# which it goes through one after the other.
Protocol = collections.namedtuple("Protocol", "commands members")
TAKES, GIVES = "TAKES", "GIVES"
ELECTS = ["known", "read", "publish?", GIVES]
NODE = [[TAKES, "report", GIVES], ["known"]]
PROTOCOLS = {
    "article": Protocol(
        {
            "report": Command("reports", 'HSET NODES ID {"id": ID, "status": "STATUS"}'),
            "known": Command(None, "GET RESULT"),
            "read": Command("reads", "HGETALL NODES"),
            "publish": Command(
                "publishes",
                'SET RESULT {"id": LEADER, "rule": RULE, "term": TERM}',
            ),
        },
        {
            "": {"master": [[TAKES, *ELECTS]], 1: NODE, 2: NODE},
            "master_locks: false": {"master": [ELECTS[:-1]], 1: NODE, 2: NODE},
            "decided_by: nodes": {
                "master": [["known"]],
                1: [[TAKES, "report", *ELECTS]],
                2: [[TAKES, "report", *ELECTS]],
            },
        },
    ),
    # Its members do not go round and round: test_a_lease.
    "lease": Protocol({"look": Command(None, "GET LOCK")}, {}),
    # Their members are programs: nothing of ours asks anything.
    "own_lock": Protocol({}, {}),
    "own_leader": Protocol({}, {}),
}
LEASE = f"duration: {TTL_MS}ms, renew_deadline: 1s, retry: 20ms, jitter: 1"
STEADY = "poll: 20ms, report: 30ms"
