"""Reads a document of `--format json|junit|tap` from stdin as a consumer would, and prints one line
for each expectation: `ok NAME`, `failed NAME: MESSAGE`, `error NAME: MESSAGE` or `skipped NAME:
MESSAGE`; and at last, if the run was broken off, `broken off: MESSAGE` (which JUnit cannot say).
Anything out of form ends with exit 1.

    validate.py json|junit|tap < document
"""
import json
import re
import sys
import xml.etree.ElementTree as ElementTree


def need(condition, what):
    if not condition:
        sys.exit(f"not in form: {what}")


def read_json(text):
    document = json.loads(text)
    need(set(document) == {"scenarios", "exit", "error"}, "the document")
    need(document["error"] is None or document["exit"] in (2, 3, 130), "exit and error agree")
    for scenario in document["scenarios"]:
        stopped = scenario["stopped"]
        need(stopped in (None, "interrupted", "world", "refused", "not begun"), "stopped")
        need((stopped is None) == (scenario["error"] is None), "stopped and error agree")
        need(not (scenario["held"] and stopped), "what was stopped has not held")
        need(stopped == "refused" or isinstance(scenario["seed"], str), "seed is a string")
        for trial in scenario["trials"]:
            need(int(trial["seed"]) < 2**64, "a trial's seed")
            for election in trial["elections"]:
                need(set(election) >= {"nth", "cause", "elected", "rule", "elect_ms", "verdict"},
                     "columns of an election")
        for point in scenario["expectations"]:
            failure, skipped = point.get("failure"), point.get("skipped")
            need(point["held"] is (None if skipped is not None else failure is None), "held")
            error = point["undecided"] or (point["name"] == "trials" and failure is not None)
            kind = "skipped" if skipped else "error" if error else "failed" if failure else "ok"
            yield scenario["scenario"], point["name"], kind, failure or skipped
    if document["error"] is not None:
        yield None, None, "broken off", document["error"]


def read_junit(text):
    root = ElementTree.fromstring(text)
    need(root.tag == "testsuites", "testsuites")
    tags = {"failure": "failed", "error": "error", "skipped": "skipped"}
    for suite in root:
        need(suite.tag == "testsuite", "testsuite")
        cases = suite.findall("testcase")
        need(int(suite.get("tests")) == len(cases), "tests")
        for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            need(int(suite.get(count)) == len(suite.findall(f"testcase/{tag}")), count)
        need(float(suite.get("time")) >= 0, "time")
        need([child.tag for child in suite][0] == "properties", "properties come first")
        for case in cases:
            need(case.get("classname") == suite.get("name"), "classname")
            need(float(case.get("time")) >= 0, "time of a case")
            outcomes = [child for child in case if child.tag in tags]
            others = [child.tag for child in case if child.tag not in tags]
            need(len(outcomes) <= 1, "one outcome")
            need(others in ([], ["properties", "system-out"]), "an attachment is told twice")
            kind, message = "ok", None
            for outcome in outcomes:
                kind, message = tags[outcome.tag], outcome.get("message")
                need(message, "message")
                if kind != "skipped":
                    need(outcome.get("type"), "type")
                    need(outcome.text.startswith(message), "text")
            yield suite.get("name"), case.get("name").split(":")[0], kind, message


def unescape(text):
    return re.sub(r"\\(.)", r"\1", text)


def read_tap(text):
    lines = text.splitlines()
    need(lines[0] == "TAP version 13", "version")
    planned = re.fullmatch(r"1\.\.(\d+)", lines[1])
    need(planned, "the plan comes first")
    number, point, keys, broken = 0, None, None, None
    for line in lines[2:]:
        need(broken is None, "nothing follows Bail out!")
        test = re.fullmatch(r"(not )?ok (\d+) - (.*?)(?: # SKIP (.*))?", line)
        if keys is not None and line != "  ...":
            key, value = line.strip().split(": ", 1)
            keys[key] = json.loads(value)
        elif keys is not None:
            need(keys["message"], "message")
            kind = "failed" if keys.get("severity") is None else "error"
            yield *point, kind, keys["message"]
            keys, point = None, None
        elif line == "  ---":
            need(point, "diagnostics follow a failure")
            keys = {}
        elif line.startswith("Bail out! "):
            broken = unescape(line.removeprefix("Bail out! "))
        else:
            need(test and not point, line)
            number += 1
            need(int(test[2]) == number, "numbers in order")
            point = tuple(unescape(test[3]).split(": ", 1))
            if not test[1]:
                yield *point, "skipped" if test[4] else "ok", unescape(test[4] or "")
                point = None
    need(keys is None and int(planned[1]) == number, "plan and points agree")
    if broken is not None:
        yield None, None, "broken off", broken


READERS = {"json": read_json, "junit": read_junit, "tap": read_tap}
for scenario_name, point_name, result, words in READERS[sys.argv[1]](sys.stdin.read()):
    name = f"{result} {scenario_name} {point_name}" if scenario_name else result
    print(f"{name}: {words}" if words else name)
