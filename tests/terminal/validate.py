"""Reads a document of `--format json|junit|tap` from stdin as a consumer would, and prints one line
for each expectation: `ok NAME` or `failed NAME: MESSAGE`. Anything out of form ends with exit 1.

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
    for scenario in json.loads(text)["scenarios"]:
        need(isinstance(scenario["seed"], str), "seed is a string")
        for trial in scenario["trials"]:
            need(int(trial["seed"]) < 2**64, "a trial's seed")
            for election in trial["elections"]:
                need(set(election) >= {"nth", "cause", "elected", "rule", "elect_ms", "verdict"},
                     "columns of an election")
        for point in scenario["expectations"]:
            yield scenario["scenario"], point["name"], point.get("failure")


def read_junit(text):
    root = ElementTree.fromstring(text)
    need(root.tag == "testsuites", "testsuites")
    for suite in root:
        need(suite.tag == "testsuite", "testsuite")
        cases = suite.findall("testcase")
        failures = suite.findall("testcase/failure")
        need(int(suite.get("tests")) == len(cases), "tests")
        need(int(suite.get("failures")) == len(failures), "failures")
        need(float(suite.get("time")) >= 0, "time")
        need([child.tag for child in suite][0] == "properties", "properties come first")
        for case in cases:
            need(case.get("classname") == suite.get("name"), "classname")
            failure = case.find("failure")
            need(failure is None or failure.text.startswith(failure.get("message")), "failure")
            yield (suite.get("name"), case.get("name").split(":")[0],
                   None if failure is None else failure.get("message"))


def read_tap(text):
    lines = text.splitlines()
    need(lines[0] == "TAP version 13", "version")
    need(re.fullmatch(r"1\.\.\d+", lines[-1]), "plan")
    number, point, message, inside = 0, None, None, False
    for line in lines[1:-1]:
        test = re.fullmatch(r"(not )?ok (\d+) - (.*)", line)
        if inside:
            need(line.startswith("  "), "indented YAML")
            inside = line != "  ..."
            if line.startswith("  message: "):
                message = json.loads(line[len("  message: "):])
            if not inside:
                need(message, "message")
                yield point[0], point[1], message
        elif line == "  ---":
            need(point and point[2], "diagnostics follow a failure")
            inside, message = True, None
        else:
            need(test, line)
            number += 1
            need(int(test[2]) == number, "numbers in order")
            title = re.sub(r"\\(.)", r"\1", test[3])
            name = title.split(": ", 1)
            point = (name[0], name[1], bool(test[1]))
            if not point[2]:
                yield point[0], point[1], None
    need(not inside and lines[-1] == f"1..{number}", "plan and points agree")


READERS = {"json": read_json, "junit": read_junit, "tap": read_tap}
for scenario_name, point_name, failed in READERS[sys.argv[1]](sys.stdin.read()):
    print(f"failed {scenario_name} {point_name}: {failed}" if failed
          else f"ok {scenario_name} {point_name}")
