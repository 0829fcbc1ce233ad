"""Under which key a row is kept: its own number, a number of its source, else made from itself."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from landwatch.language.columns import Kind
from landwatch.language.records import Value
from landwatch.ledger.cells import tidy
from landwatch.ledger.synonyms import CONTRACT_NO, SOURCE_ID, SUPERVISION_NO

REQUIRED: Mapping[Kind, tuple[str, ...]] = {
    Kind.ZONES: ("zone_id",),
    Kind.PARCELS: ("parcel_id",),
    Kind.CONTRACTS: (),
    Kind.PROGRESS: ("contract_id", "observed_on"),
    Kind.EVENTS: ("contract_id", "kind", "on"),
}
"""The columns without which a row says nothing; a contract needs something to make a key of."""

NUMBERS: Mapping[Kind, tuple[str, ...]] = {
    Kind.ZONES: (),
    Kind.PARCELS: (),
    Kind.CONTRACTS: ("contract_id", "supervision_no", "contract_no", SOURCE_ID),
    Kind.PROGRESS: ("contract_id", SUPERVISION_NO, CONTRACT_NO, SOURCE_ID),
    Kind.EVENTS: ("contract_id", SUPERVISION_NO, CONTRACT_NO, SOURCE_ID),
}
"""Where the contract's number is looked for, the first told one speaks (ledger.md §1)."""

MADE = "row-"
"""Begins every key that was made of a row's own cells."""

_MADE_OF = ("division", "location", "project_name", "holder", "signed_on", "area_m2")


def made_contract_id(values: Mapping[str, Value]) -> str | None:
    """Return a contract id made of place, project, holder, day and area, or None.

    >>> made_contract_id({"division": "来凤县", "holder": "某公司"}) is None
    True
    """
    parts = [_plain(values.get(name)) for name in _MADE_OF]
    if sum(1 for part in parts if part) < 3:
        return None
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return f"{MADE}{digest[:16]}"


def key_of(kind: Kind, values: Mapping[str, Value]) -> str:
    r"""Return the key of a row whose required columns are told.

    >>> key_of(Kind.EVENTS, {"contract_id": "A|1", "kind": "urge", "on": date(2020, 1, 2)})
    'A\\|1|urge|2020-01-02|'
    """
    if kind is Kind.ZONES:
        return str(values["zone_id"])
    if kind is Kind.PARCELS:
        return str(values["parcel_id"])
    if kind is Kind.CONTRACTS:
        return str(values["contract_id"])
    names = ["contract_id", "observed_on", "source", "inspector"]
    if kind is Kind.EVENTS:
        told = "document_no" if "document_no" in values else "amount_wan"
        names = ["contract_id", "kind", "on", told]
    parts = (_plain(values.get(name)) for name in names)
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def _plain(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return format(value, "f") if isinstance(value, Decimal) else tidy(str(value))
