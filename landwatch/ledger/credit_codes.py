"""Whether a unified social credit code can be one: eighteen signs, the last a check digit."""

from __future__ import annotations

from functools import lru_cache

_VALUES = {sign: value for value, sign in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


@lru_cache(maxsize=16_384)
def is_credit_code(code: str) -> bool:
    """Tell whether the check digit is right (GB 32100); holders come again and again.

    >>> is_credit_code("91110000600037341L"), is_credit_code("91110000600037341M")
    (True, False)
    """
    values = [_VALUES.get(sign) for sign in code]
    if len(values) != 18 or None in values or not code[:8].isdigit():
        return _written_otherwise(code)
    total = sum(value * weight for value, weight in zip(values, _WEIGHTS) if value)  # noqa: B905
    return values[-1] == -total % 31


def _written_otherwise(code: str) -> bool:
    """Tell the same of a code with dashes, blanks or small letters, as stdnum folds them."""
    from stdnum.cn import uscc

    return bool(uscc.is_valid(code))
