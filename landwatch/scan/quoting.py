"""A clause as a finding quotes it: word for word, and in a form's blank what the contract says."""

from __future__ import annotations

from fractions import Fraction

from landwatch.language.catalogue import say
from landwatch.lawbook.blanks import filled, filled_by, has_blank
from landwatch.lawbook.policy import Clause
from landwatch.scan.account import Account
from landwatch.scan.figures import spelled_number


def quote_of(taken: Account, clause: Clause, lang: str) -> str:
    """Return the sentence of a clause; a blank rate reads the contract's, or that none is told."""
    if not has_blank(clause.quote):
        return clause.quote
    column = filled_by(taken.rule)
    if column is None:
        return filled(clause.quote, say("clause.blank_each", lang))
    rate = taken.known.get(column.name)
    if not isinstance(rate, Fraction):
        return filled(clause.quote, say("clause.blank_untold", lang))
    return filled(clause.quote, say("clause.blank_told", lang, rate=spelled_number(rate)))
