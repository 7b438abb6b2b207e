"""The parts of scenario.schema.json that are made from the program's tables, for `manual`. `rows`
is what `hustings list --format json` says.
"""
import json
import textwrap


def sentence(text):
    return f"{text[0].upper()}{text[1:]}."


def definition(name):
    return {"$ref": f"#/definitions/{name}"}


def value_schema(param):
    if param["type"] == "word":
        return {"enum": param["words"]}
    if param["type"] == "flag":
        return {"type": "boolean"}
    if param["type"] == "number":
        low, high = int(param["low"]), int(param["high"])
        zero = {"not": {"const": 0}} if param["not_zero"] else {}
        return {"type": "integer", "minimum": low, "maximum": high, **zero}
    if param["type"] == "ratio":
        low, high = float(param["low"]), float(param["high"])
        return {"type": "number", "minimum": low, "maximum": high}
    if param["type"] == "shift":
        return definition("shift")
    time = definition("time" if param["low"] == "0s" else "positive_time")
    return {"anyOf": [time, {"const": param["zero"]}]} if "zero" in param else time


def param_schema(param):
    description = f"{sentence(param['summary'])} Default: {param['default']}."
    return {"description": description, **value_schema(param)}


def summary(row):
    """What a row is, and what it has, or has not, that others have not, or have."""
    without = "" if row.get("master", True) else "; it has no master"
    fences = f"; it can fence: {row['counter']}" if row.get("fences") else ""
    return row["summary"] + without + fences


def owner_schema(what, rows):
    usual = next(row["name"] for row in rows if row["default"])
    properties = {
        row["name"]: {
            "description": f"{row['summary'][0].upper()}{summary(row)[1:]}.",
            "type": "object",
            "additionalProperties": False,
            "properties": {param["name"]: param_schema(param) for param in row["params"]},
        }
        for row in rows
    }
    return {
        "description": f"{what}: its name, or its name and below it parameters. Default: {usual}.",
        "anyOf": [
            {"enum": [row["name"] for row in rows]},
            {
                "type": "object",
                "additionalProperties": False,
                "minProperties": 1,
                "maxProperties": 1,
                "properties": properties,
            },
        ],
    }


def topology_schema(rows):
    usual = next(row for row in rows if row["default"])
    defaults = ", ".join(f"{row['servers']['default']} with {row['name']}" for row in rows)
    topology = {
        "description": "How many servers there are, and what they are to each other. "
        f"Default: {usual['name']}.",
        "enum": [row["name"] for row in rows],
    }
    servers = {
        "description": f"How many servers. Default: {defaults}.",
        "type": "integer",
        "minimum": min(row["servers"]["low"] for row in rows),
        "maximum": max(row["servers"]["high"] for row in rows),
    }
    return topology, servers


def checks_schema(rows):
    return {
        "description": "How often each promise is broken (hustings list checks). "
        "Those not named: never.",
        "type": "object",
        "additionalProperties": False,
        "properties": {row["name"]: {"$ref": "#/definitions/frequency"} for row in rows},
    }


def any_of(schemas):
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def one_required(names):
    return [*names] if len(names) == 1 else {"anyOf": [{"required": [name]} for name in names]}


def target_schema(targets):
    """On whom a fault can be done."""
    schemas = []
    words = [target for target in targets if target not in ("process", "redis")]
    live = ["leader", "lock_holder", "any", "others"]
    if "process" in targets and set(live) <= set(words):
        schemas.append(definition("target"))
        words = [word for word in words if word not in live]
    elif "process" in targets:
        schemas += [definition("process"), definition("processes")]
    if words:
        schemas.append({"const": words[0]} if len(words) == 1 else {"enum": words})
    if "redis" in targets:
        schemas.append(definition("redis"))
    return any_of(schemas)


class FaultParam:
    """A key that several faults may have, each with a meaning and bounds of its own."""

    def __init__(self, name, faults):
        self.rows = {
            fault["name"]: param
            for fault in faults
            for param in fault["params"]
            if param["name"] == name
        }
        self.schemas = []
        for row in self.rows.values():
            if value_schema(row) not in self.schemas:
                self.schemas.append(value_schema(row))

    def description(self):
        whose = {}  # what it means: the faults with which it does
        for fault, row in self.rows.items():
            usual = f" Default: {row['default']}." if "default" in row else ""
            usual = " Required." if row["required"] else usual
            whose.setdefault((row["summary"], usual), []).append(fault)
        most = max(whose.values(), key=len)
        texts = []
        for (summary, usual), faults in whose.items():
            if faults is most and len(faults) > 4:
                texts.insert(0, sentence(summary) + usual)
            else:
                texts.append(f"With {' and '.join(faults)}: {summary}.{usual}")
        return " ".join(texts)

    def property(self):
        return {"description": self.description(), **any_of(self.schemas)}


def required_of(fault):
    return [param["name"] for param in fault["params"] if param["required"]]


def fault_description(fault):
    needs = ", ".join(f"{name}:" for name in required_of(fault))
    return sentence(fault["summary"] + (f" (needs {needs})" if needs else ""))


def needs_of(fault, params):
    """What a fault asks of its parameters, beyond what holds of them with every fault; or None."""
    required = required_of(fault)
    own = {
        param["name"]: value_schema(param)
        for param in fault["params"]
        if len(params[param["name"]].schemas) > 1
    }
    if not own:
        return required or None
    return {"required": required, "properties": own}


def deed_schema(faults):
    names = dict.fromkeys(param["name"] for fault in faults for param in fault["params"])
    params = {name: FaultParam(name, faults) for name in names}
    with_server = [
        fault["name"] for fault in faults if fault["group"] == "links" or "lock" in fault["targets"]
    ]
    by_command = [fault["name"] for fault in faults if fault["by_command"]]
    needs = {fault["name"]: needs_of(fault, params) for fault in faults}
    return {
        "description": "One fault with its target, and that fault's parameters.",
        "properties": {
            **{
                fault["name"]: {
                    "description": fault_description(fault), **target_schema(fault["targets"])
                }
                for fault in faults
            },
            "server": {
                "description": "With faults on links and on the lock's key, where there are "
                "several servers: on which. Default: on all.",
                **definition("servers"),
            },
            "of": {
                "description": "Which commands it is about. Default: the next, whatever it is.",
                **definition("command"),
            },
            "key": definition("command_key"),
            "nth": {
                "description": "With faults that await a command: the so manieth of these, from "
                "then on. Default: the next.",
                "type": "integer",
                "minimum": 1,
                "maximum": 1000000,
            },
            **{name: param.property() for name, param in params.items()},
        },
        "oneOf": [{"required": [fault["name"]]} for fault in faults],
        "dependencies": {
            **{name: need for name, need in needs.items() if need},
            "server": one_required(with_server),
            **{name: one_required(by_command) for name in ("of", "key", "nth")},
            **{name: one_required(list(param.rows)) for name, param in params.items()},
        },
        "allOf": [definition("clashes")],
    }


def deed_key_schema(deed):
    return {"description": "The faults and their keys.", "enum": list(deed["properties"])}


def moment_schema(description, rows):
    return {"description": description, "enum": [row["name"] for row in rows]}


def layout(value, margin, before=0):
    """As JSON: on one line what fits there behind `before` characters."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value or margin + before + len(line) <= 96:
        return line
    blanks = " " * (margin + 2)
    if isinstance(value, list):
        inner = [layout(item, margin + 2) for item in value]
        opening, closing = "[]"
        if all(isinstance(item, str) for item in value):
            inner = textwrap.wrap(", ".join(inner), 96 - margin - 2, break_on_hyphens=False)
            inner = [line.removesuffix(",") for line in inner]
    else:
        inner = [
            f'"{key}": {layout(item, margin + 2, len(key) + 4)}' for key, item in value.items()
        ]
        opening, closing = "{}"
    inner = f",\n{blanks}".join(inner)
    return f"{opening}\n{blanks}{inner}\n{' ' * margin}{closing}"


def replace_property(text, key, value, margin=4):
    """A property, written by hand between others, with a new value; the last one so far in."""
    blanks = " " * margin
    start = text.rindex(f'\n{blanks}"{key}": {{') + 1
    end = text.index(f"\n{blanks}}}", start) + len(f"\n{blanks}}}")
    return text[:start] + f'{blanks}"{key}": {layout(value, margin, 96)}' + text[end:]


def made(text, rows):
    """The schema's text with all that is made of these tables."""
    deed = deed_schema(rows["faults"])
    text = replace_property(text, "deed", deed)
    text = replace_property(text, "deed_key", deed_key_schema(deed))
    requests = [row for row in rows["moments"] if row["request"]]
    text = replace_property(text, "moment", moment_schema("What a process does.", rows["moments"]))
    text = replace_property(
        text, "request", moment_schema("What a process does by a request.", requests)
    )
    topology, servers = topology_schema(rows["topologies"])
    text = replace_property(text, "topology", topology, 8)
    text = replace_property(text, "servers", servers, 8)
    text = replace_property(text, "checks", checks_schema(rows["checks"]), 8)
    protocol = owner_schema("The kind of election", rows["protocols"])
    lock = owner_schema("What guards the critical section", rows["locks"])
    return replace_property(replace_property(text, "protocol", protocol), "lock", lock)
