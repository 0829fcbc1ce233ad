"""The blanks of a model form: where a quoted clause leaves a rate for each contract to fill in.

A form prints nothing before its ‰, and its quotation reads "总额 ‰的违约金", as if something were
lost. Whoever quotes it says what stands there: the contract's own figure, that the ledger tells
none, or that each contract fills it in.
"""

from __future__ import annotations

import re

from landwatch.language.columns import Column
from landwatch.lawbook.expressions.tree import names_in
from landwatch.lawbook.policy import Rule
from landwatch.lawbook.vocabulary import contract_columns

_BLANK = re.compile(r"(?<=[\u3400-\u9fff]) +(?=[‰%％])")


def has_blank(quote: str) -> bool:
    """Tell whether a quoted sentence leaves a rate to be filled in.

    >>> has_blank("出让价款总额 ‰的违约金"), has_blank("不足总投资的25%"), has_blank("达到 25%")
    (True, False, False)
    """
    return bool(_BLANK.search(quote))


def filled(quote: str, told: str) -> str:
    """Return a quoted sentence with what is told in its blanks, in the brackets of an editor.

    >>> filled("相当于出让价款总额 ‰的违约金", "0.5")
    '相当于出让价款总额〔0.5〕‰的违约金'
    >>> filled("不足总投资的25%", "0.5")
    '不足总投资的25%'
    """
    return _BLANK.sub(f"〔{told}〕".replace("\\", "\\\\"), quote)


def filled_by(rule: Rule) -> Column | None:
    """Return the column of a contract that fills the blank of a rule's clause; None for no blank.

    It is the one rate, in ‰ or %, that the rule's amount takes from the contract.
    """
    if rule.amount_wan is None or not any(has_blank(clause.quote) for clause in rule.clauses):
        return None
    used = set(names_in(rule.amount_wan.tree))
    rates = [
        column
        for column in contract_columns()
        if column.name in used and column.unit and column.unit[0] in "‰%％"
    ]
    return rates[0] if len(rates) == 1 else None
