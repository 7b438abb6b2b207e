"""The tree keeps the rules of the house (house.py); and each rule sees a tree that breaks it."""
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import circles
import house
import pages

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# A tree in order, and for each rule the files that break it.
GOOD = {
    "README.md": "# hustings\n",
    "src/README.md": "x\n",
    "sim/README.md": "x\n",
    "src/a.c": '/* A. */\n#include <string.h>\n#include "src/a.h"\n\nint a(void)\n{\n}\n',
    "sim/results/r.c": '/* R. */\n#include <time.h>\n#include "sim/checks/c.h"\n',
    "sim/main.c": '/* M. */\n#include "sim/cli/cli.h"\n',
    "sim/hustings": "#!/bin/sh\n# The door.\n",
}
BROKEN = [
    (house.src_stands_alone, {"src/b.c": "/* B. */\n#include <time.h>\n"}),
    (house.src_stands_alone, {"src/b.c": "/* B. */\n#include <stdlib.h>\n"}),
    (house.src_stands_alone, {"src/b.c": '/* B. */\n#include "sim/history/history.h"\n'}),
    (house.rooms_flow_one_way, {"sim/results/b.c": '/* B. */\n#include "sim/host/host.h"\n'}),
    (house.rooms_flow_one_way, {"sim/cellar/b.c": '/* B. */\n#include "sim/host/host.h"\n'}),
    (house.rooms_flow_one_way, {"sim/host/b.c": '/* B. */\n#include "host.h"\n'}),
    (house.thinking_rooms_are_pure, {"sim/model/b.c": "/* B. */\n#include <time.h>\n"}),
    (
        house.thinking_rooms_are_pure,
        {"sim/outcome/b.c": '/* B. */\n#include "sim/scenario/load.h"\n'},
    ),
    (
        house.libraries_stay_in_their_rooms,
        {"sim/scenario/b.c": "/* B. */\n#include <cjson/cJSON.h>\n"},
    ),
    (
        circles.nobody_includes_in_a_circle,
        {
            "src/b.h": '/* B. */\n#include "src/c.h"\n',
            "src/c.c": '/* C. */\n#include "src/d.h"\n',
            "src/d.h": '/* D. */\n#include "src/b.h"\n',
        },
    ),
    (
        circles.nobody_calls_in_a_circle,
        {
            "sim/host/b.c": "/* B. */\nint b(int n)\n{\n    return c(n);\n}\n",
            "sim/host/c.c": "/* C. */\nint c(int n)\n{\n    return take(n, d);\n}\n",
            "sim/host/d.c": "/* D. */\nint d(int n)\n{\n    return b(n);\n}\n",
        },
    ),
    (house.files_are_rooms, {"sim/b.c": "/* B. */\n" * 401}),
    (house.functions_fit_on_a_screen, {"sim/b.c": "/* B. */\nint b(void)\n{\n" + "\n" * 69 + "}"}),
    (house.rooms_assert, {"sim/host/b.c": "/* B. */\nint b(void)\n{\n    assert_b();\n}\n"}),
    (house.lines_fit, {"sim/b.c": "/* " + "b" * 96 + " */\n"}),
    (house.files_open_with_their_purpose, {"sim/b.c": "int b;\n"}),
    (house.files_open_with_their_purpose, {"tests/b.sh": "#!/bin/sh\nset -e\n"}),
    (house.files_open_with_their_purpose, {"scenarios/b.yaml": "name: b\n"}),
    (house.nothing_is_left_for_later, {"sim/b.c": "/* B. " + "TO" + "DO: more. */\n"}),
    (house.nothing_is_left_of_a_merge, {"sim/README.md": "x\n" + "<" * 7 + " HEAD\n"}),
    (house.top_level_is_fixed, {"notes/b.txt": "b\n"}),
    (house.folders_have_their_manual, {"tests/b.c": "/* B. */\n"}),
    (pages.links_lead_somewhere, {"sim/README.md": "see [b](../src/b.md)\n"}),
    (pages.links_lead_somewhere, {"sim/README.md": "# A `b`, c\n[d](#a-b-c) [e](#a-b-d)\n"}),
]

# What the compiled elections may call: of libc only what moves bytes, and assert.
LIBC = {
    "memset", "memcpy", "memmove", "memcmp", "strchr", "strcmp", "strcspn", "__assert_fail",
    "_GLOBAL_OFFSET_TABLE_",
}  # fmt: skip
# And the model, the checks and the outcome: that, memory, and text into memory. No files, no
# threads, no clock, no locale.
PURE_LIBC = LIBC | {
    "calloc", "malloc", "realloc", "free", "qsort", "ceil", "snprintf", "vsnprintf", "strdup",
    "strlen", "strncmp", "strspn", "strstr",
}  # fmt: skip


def symbols_of(library):
    """What a static library of the build defines, and what it calls: by the name in the sources. A
    hardened build calls snprintf() with the buffer's length as well, and watches the stack."""
    path = os.path.join(os.environ["HUSTINGS_BUILD"], library)
    said = subprocess.run(
        ["nm", "--format=posix", path], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    rows = [line.split() for line in said if len(line.split()) >= 2]
    own = {row[0] for row in rows if row[1] not in "Uw"}
    called = {row[0] for row in rows if row[1] in "Uw"} - {"__stack_chk_fail"}
    return own, {re.sub(r"^__(\w+)_chk$", r"\1", name) for name in called}


class TheRules(unittest.TestCase):
    def test_a_tree_in_order_has_no_complaints(self):
        for rule in house.RULES:
            self.assertEqual(list(rule(GOOD)), [], rule.__name__)

    def test_each_rule_sees_what_breaks_it(self):
        for rule, files in BROKEN:
            self.assertEqual(len(list(rule({**GOOD, **files}))), 1, (rule.__name__, files))
        self.assertEqual({rule for rule, _ in BROKEN}, set(house.RULES))

    def test_rooms_have_no_cycle(self):
        for room, known in house.ROOMS.items():
            for other in known:
                self.assertNotIn(room, house.ROOMS[other])


    def test_what_only_thinks_knows_nothing_else(self):
        for room in house.PURE:
            self.assertLessEqual(house.ROOMS[room], house.PURE | {"scenario"}, room)


class TheTree(unittest.TestCase):
    def test_keeps_the_rules(self):
        tree = house.tree_of(ROOT)
        self.assertIn("src/rules.c", tree)
        complaints = [complaint for rule in house.RULES for complaint in rule(tree)]
        self.assertEqual(complaints, [], "\n" + "\n".join(complaints))

    @unittest.skipIf(os.environ.get("HUSTINGS_SANITIZED", "ON") == "ON", "sanitizers call more")
    def test_elections_call_nothing_of_the_world(self):
        own, called = symbols_of("libhustings_core.a")
        self.assertIn("hustings_rules_elect", own)
        self.assertEqual(called - own - LIBC, set())

    @unittest.skipIf(os.environ.get("HUSTINGS_SANITIZED", "ON") == "ON", "sanitizers call more")
    def test_the_model_and_the_outcome_call_nothing_of_the_world(self):
        elections, _ = symbols_of("libhustings_core.a")
        own, called = symbols_of("libhustings_pure.a")
        self.assertTrue({"model_trial", "check_run_whole", "outcome_derive"} <= own)
        self.assertEqual(called - own - elections - PURE_LIBC, set())

    def test_no_two_rooms_have_a_function_of_the_same_name(self):
        """Of two in static libraries the linker takes the first that it meets, and says nothing."""
        folder = os.environ["HUSTINGS_BUILD"]
        libraries = [name for name in os.listdir(folder) if name.endswith(".a")]
        said = subprocess.run(
            ["nm", "--format=posix", "--defined-only", *libraries],
            cwd=folder, capture_output=True, text=True, check=True,
        ).stdout.splitlines()  # fmt: skip
        names = [line.split()[0] for line in said if " T " in line]
        self.assertIn("story_tell", names)
        self.assertEqual({name for name in names if names.count(name) > 1}, set())


if __name__ == "__main__":
    unittest.main()
