"""The keys that a policy's file may use, and the forms of its names: one table for all readers.

`draft` refuses what is not here; `schema` tells editors the same.
"""

from __future__ import annotations

import re

POLICY_KEYS = (
    "id", "title", "document_no", "class", "authority", "issuer", "effective", "source", "summary",
    "adopted_by_init", "parameters", "vocabularies", "definitions", "applies", "rules",
)  # fmt: skip
EFFECTIVE_KEYS = ("from", "to")
DEFINITION_KEYS = ("is", "zh", "en", "unit")
CONDITION_KEYS = ("when", "reason", "unknown")
DOUBT_KEYS = ("when", "reason")
RULE_KEYS = (
    "code", "about", "title", "asks", "note", "clauses", "applies", "define", "first", "met",
    "exempt", "gaps", "clock", "breach", "unless", "doubts", "days_past", "measured", "threshold",
    "unit", "amount_wan", "remedies", "warn_days", "evidence_days",
)  # fmt: skip
CLOCK_KEYS = ("from", "limit", "missing")
EXEMPTION_KEYS = ("when", "reason", "until")
REMEDY_KEYS = ("remedy", "when")
CODE = re.compile(r"[A-Z][A-Z0-9]*(\.[A-Z0-9_]+)+")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
