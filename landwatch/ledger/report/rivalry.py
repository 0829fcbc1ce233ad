"""What tells two things of one key apart, kept with a refused row so that it is refused again."""

from __future__ import annotations

from collections.abc import Sequence

from landwatch.language.columns import Kind
from landwatch.language.records import Record
from landwatch.ledger.report.tags import mark_of


def marks_of(record: Record) -> tuple[str | None, ...]:
    """Return the marks of a record: all of an event; of a contract, place and holder."""
    if record.kind is Kind.EVENTS:
        told = sorted((name, str(value)) for name, value in record.values.items())
        return (mark_of(told),)
    return tuple(mark_of(record.values.get(name)) for name in ("division", "holder"))


def torn(one: Sequence[str | None], other: Sequence[str | None]) -> bool:
    """Tell whether two marks cannot be of one thing; what is not told may be anything."""
    return any(a is not None and b is not None and a != b for a, b in zip(one, other, strict=False))


def together(
    one: tuple[str | None, ...] | None, other: tuple[str | None, ...]
) -> tuple[str | None, ...]:
    """Return what two rows of one thing tell of it together."""
    if one is None:
        return other
    return tuple(b if a is None else a for a, b in zip(one, other, strict=True))
