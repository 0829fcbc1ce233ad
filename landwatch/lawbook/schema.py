"""JSON Schemas of a policy's file and of a file of worked cases, so that editors help.

They are made of the tables that the readers check by (`keys`, `leaves`, `case_rows`, the terms and
the columns); what a schema cannot say, such as whether a name is known, `policy check` says. A
scalar may be a text or a number: an editor reads `100` as a number, our reader as it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from landwatch.language.catalogue import say, says
from landwatch.language.terms import Authority, PolicyClass, Remedy
from landwatch.lawbook import keys
from landwatch.lawbook.expressions.quantity import known_units
from landwatch.lawbook.leaves import (
    CLAUSE_KEYS,
    FIGURE,
    PARAMETER_KEYS,
    PICKED_BY,
    VOCABULARY_KEYS,
    WORD_KEYS,
)
from landwatch.lawbook.policy import About, Force, Serves

Schema: TypeAlias = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
NAMES = r"^[A-Za-z_\u00a1-\uffff][A-Za-z0-9_\u00a1-\uffff]*$"
"""Letters of every script, in the form that editors know too; the reader looks closer."""
TEXT: Schema = {"type": ["string", "number", "boolean"]}
NOTHING: Schema = {"type": "null"}


def schema_of_policies() -> Schema:
    """Return the schema of a policy's file."""
    parts: dict[str, Schema] = {
        "id": matching(keys.ID.pattern),
        "title": _ref("words"),
        "document_no": TEXT,
        "class": one_of(PolicyClass),
        "authority": one_of(Authority),
        "issuer": _ref("words"),
        "effective": mapping(
            dict.fromkeys(keys.EFFECTIVE_KEYS, either(matching(DAY), NOTHING)), needed=()
        ),
        "source": TEXT,
        "summary": _ref("words"),
        "adopted_by_init": {"enum": ["yes", "no", True, False]},
        "parameters": _named(_ref("parameter")),
        "vocabularies": _named(_ref("vocabulary")),
        "definitions": _named(_ref("definition")),
        "applies": listed(_ref("condition")),
        "rules": listed(_ref("rule")),
    }
    optional = {
        "adopted_by_init", "parameters", "vocabularies", "definitions", "applies", "rules",
    }  # fmt: skip
    return {
        "$schema": DIALECT,
        "title": say("reading.schema_title", "zh"),
        "description": say("reading.schema_title", "en"),
        **mapping(in_order(keys.POLICY_KEYS, parts), needed=_but(keys.POLICY_KEYS, optional)),
        "$defs": _definitions(),
    }


def mapping(parts: Mapping[str, Schema], needed: Iterable[str]) -> Schema:
    """Return the schema of a mapping of exactly these keys."""
    return {
        "type": "object",
        "properties": {key: _described(key, part) for key, part in parts.items()},
        "required": list(needed),
        "additionalProperties": False,
    }


def listed(part: Schema) -> Schema:
    """Return the schema of a list; nothing is an empty list."""
    return {"type": ["array", "null"], "items": part}


def one_of(terms: Iterable[str]) -> Schema:
    """Return the schema of a code of a list."""
    return {"enum": [str(term) for term in terms]}


def either(*parts: Schema) -> Schema:
    """Return the schema of what any one of the schemas allows."""
    return {"anyOf": list(parts)}


def matching(pattern: str) -> Schema:
    """Return the schema of a text of a form."""
    bare = pattern.removeprefix("^").removesuffix("$")
    return {"type": "string", "pattern": f"^(?:{bare})$"}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _named(part: Schema) -> Schema:
    return {"type": "object", "patternProperties": {NAMES: part}, "additionalProperties": False}


def in_order(order: Iterable[str], parts: Mapping[str, Schema]) -> dict[str, Schema]:
    """Return the parts in the order of the reader's table; a key without a part is a bug."""
    return {key: parts[key] for key in order}


def _but(every: Iterable[str], optional: Iterable[str]) -> list[str]:
    return [key for key in every if key not in set(optional)]


def _described(key: str, part: Schema) -> Schema:
    """Return a part with the key's name in both languages, which editors show beside it."""
    name = f"reading.part.{key}"
    if not says(name) or "$ref" in part:
        return part
    return {"description": f"{say(name, 'zh')} {say(name, 'en')}", **part}


def _definitions() -> dict[str, Schema]:
    words = {"zh": TEXT, "en": TEXT}
    return {
        "words": mapping(words, needed=words),
        "figure": either(matching(FIGURE.pattern), {"type": "number", "minimum": 0}),
        "days": either(
            matching("[0-9]{1,5}"), {"type": "integer", "minimum": 0, "maximum": 99_999}
        ),
        "unit": either(matching(_units()), {"const": 1}),
        "clause": mapping(dict.fromkeys(CLAUSE_KEYS, TEXT), needed=CLAUSE_KEYS),
        "parameter": _parameter(),
        "vocabulary": _vocabulary(),
        "definition": either(TEXT, mapping(
            {"is": TEXT, **words, "unit": _ref("unit")},
            needed=_but(keys.DEFINITION_KEYS, {"unit"}),
        )),
        "condition": mapping(
            dict.fromkeys(keys.CONDITION_KEYS, TEXT), needed=_but(keys.CONDITION_KEYS, {"unknown"})
        ),
        "doubt": mapping(dict.fromkeys(keys.DOUBT_KEYS, TEXT), needed=keys.DOUBT_KEYS),
        "remedy": either(
            one_of(Remedy),
            mapping({"remedy": one_of(Remedy), "when": TEXT}, needed=keys.REMEDY_KEYS),
        ),
        "rule": _rule(),
    }  # fmt: skip


def _units() -> str:
    names = "|".join(sorted(unit.text for unit in known_units()))
    return rf"(?:{names})(?:[/／](?:{names}))*"


def _values(number: Schema) -> Schema:
    bare = DAY.removeprefix("^").removesuffix("$")
    return {
        "type": "object",
        "patternProperties": {f"^(?:always|{bare})$": either(number, NOTHING)},
        "additionalProperties": False,
    }


def _parameter() -> Schema:
    parts = {
        "zh": TEXT,
        "en": TEXT,
        "unit": _ref("unit"),
        "values": {"type": "object"},
        "clause": _ref("clause"),
        "by": one_of(PICKED_BY),
        "where_to_find": TEXT,
        "serves": one_of(Serves),
        "force": one_of(Force),
    }
    by_code = {"type": "object", "additionalProperties": either(_ref("figure"), NOTHING)}
    return {
        **mapping(in_order(PARAMETER_KEYS, parts), needed=("zh", "en", "unit", "values")),
        "if": {"required": ["by"]},
        "then": {"properties": {"values": _values(by_code)}},
        "else": {"properties": {"values": _values(_ref("figure"))}},
    }


def _vocabulary() -> Schema:
    word = {"word": TEXT, "means": either(TEXT, NOTHING), "en": TEXT, "note": _ref("words")}
    parts = {
        "zh": TEXT,
        "en": TEXT,
        "clause": _ref("clause"),
        "words": listed(mapping(in_order(WORD_KEYS, word), needed=("word",))),
    }
    return mapping(in_order(VOCABULARY_KEYS, parts), needed=_but(VOCABULARY_KEYS, {"clause"}))


def _rule() -> Schema:
    expressions = ("met", "breach", "days_past", "measured", "threshold", "amount_wan")
    parts: dict[str, Schema] = {
        "code": matching(keys.CODE.pattern),
        "about": one_of(About),
        "clauses": {"type": "array", "items": _ref("clause"), "minItems": 1},
        "applies": listed(_ref("condition")),
        "define": _named(_ref("definition")),
        "exempt": mapping(
            dict.fromkeys(keys.EXEMPTION_KEYS, TEXT), needed=_but(keys.EXEMPTION_KEYS, {"until"})
        ),
        "clock": mapping(dict.fromkeys(keys.CLOCK_KEYS, TEXT), needed=keys.CLOCK_KEYS),
        "unit": _ref("unit"),
        "remedies": listed(_ref("remedy")),
        **dict.fromkeys(("title", "asks", "note"), _ref("words")),
        **dict.fromkeys(("first", "gaps", "unless", "doubts"), listed(_ref("doubt"))),
        **dict.fromkeys(expressions, TEXT),
        **dict.fromkeys(("warn_days", "evidence_days"), _ref("days")),
    }
    needed = ("code", "title", "asks", "clauses", "clock", "met", "breach", "doubts", "remedies")
    return mapping(in_order(keys.RULE_KEYS, parts), needed=needed)
