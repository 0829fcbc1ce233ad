"""Figures of a document in Chinese numerals: who asks for 25% means 百分之二十五 too."""

from __future__ import annotations

import re

_DIGITS = "零一二三四五六七八九"
_SHARE = re.compile(r"(\d{1,3})%")
_FRACTION = re.compile(r"(\d{1,2})/(\d{1,3})")


def in_numerals(figure: str) -> tuple[str, ...]:
    """Return how a share may also be written, in numerals; nothing for any other text.

    >>> in_numerals("25%"), in_numerals("1/3"), in_numerals("25")
    (('百分之二十五',), ('三分之一',), ())
    """
    if share := _SHARE.fullmatch(figure):
        return (f"百分之{numeral(int(share[1]))}",)
    if fraction := _FRACTION.fullmatch(figure):
        return (f"{numeral(int(fraction[2]))}分之{numeral(int(fraction[1]))}",)
    return ()


def numeral(number: int) -> str:
    """Return a whole number below a thousand as documents write it.

    >>> [numeral(number) for number in (0, 7, 10, 15, 20, 70, 100, 105, 250)]
    ['零', '七', '十', '十五', '二十', '七十', '一百', '一百零五', '二百五十']
    """
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    if not hundreds:
        ten = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
        return ten + (_DIGITS[ones] if ones or not tens else "")
    if not rest:
        return f"{_DIGITS[hundreds]}百"
    below = f"{_DIGITS[tens]}十{_DIGITS[ones] if ones else ''}" if tens else f"零{_DIGITS[ones]}"
    return f"{_DIGITS[hundreds]}百{below}"
