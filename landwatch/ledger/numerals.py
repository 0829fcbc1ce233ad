"""Which number Chinese numerals tell: 一百二十三, 贰佰万, 三点五, 二〇一九."""

from __future__ import annotations

from fractions import Fraction

_DIGITS = {
    **{sign: number for number, sign in enumerate("零一二三四五六七八九")},
    **{sign: number for number, sign in enumerate("零壹贰叁肆伍陆柒捌玖")},
    **dict.fromkeys("〇○", 0),
    **dict(zip("两貳參陸", (2, 2, 3, 6), strict=True)),
}
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}


def read_digits(text: str) -> int | None:
    """Return a number said digit by digit, as years are; None where a sign is no digit.

    >>> read_digits("二〇一九"), read_digits("十二")
    (2019, None)
    """
    digits = [_DIGITS.get(sign) for sign in text]
    if not digits or None in digits:
        return None
    return int("".join(str(digit) for digit in digits))


def read_numeral(text: str) -> Fraction | None:
    """Return the number of Chinese numerals; None where they tell none, or could tell two.

    >>> read_numeral("一百零五"), read_numeral("三亿五千万"), read_numeral("二点五")
    (Fraction(105, 1), Fraction(350000000, 1), Fraction(5, 2))
    >>> read_numeral("三百五") is None, read_numeral("一二三")
    (True, Fraction(123, 1))
    """
    whole, point, part = text.partition("点")
    if not whole or len(text) > 30:
        return None
    number = _whole(whole)
    if number is None or not point:
        return None if number is None else Fraction(number)
    decimals = read_digits(part)
    return None if decimals is None else number + Fraction(decimals, 10 ** len(part))


def _whole(text: str) -> int | None:
    """Return a whole number: parts below 万 and 亿, each with its tens, hundreds and thousands."""
    if (said := read_digits(text)) is not None:
        return said
    total, part, last = 0, "", 0
    for sign in text:
        if (myriad := _MYRIADS.get(sign)) is None:
            part += sign
            continue
        below = _after(part, bool(last))
        if below is None or not part or (last and myriad >= last):
            return None
        total, part, last = total + below * myriad, "", myriad
    rest = _after(part, bool(last))
    return None if rest is None else total + rest


def _after(part: str, follows: bool) -> int | None:
    """Return what stands below 万: after it, less than a thousand needs its 零 (三万五 is two)."""
    below = _below_myriad(part)
    unclear = follows and part and below is not None and below < 1000 and _DIGITS.get(part[0]) != 0
    return None if unclear else below


def _below_myriad(text: str) -> int | None:
    total, digit, last, zero = 0, -1, 10**4, False
    for sign in text:
        if (told := _DIGITS.get(sign)) is not None:
            if digit > 0 or (told == 0 and digit == 0):
                return None
            digit, zero = told, zero or told == 0
        elif (tens := _TENS.get(sign)) is not None and tens < last:
            if digit < 0 and (tens != 10 or total):
                return None  # only 十 stands for itself
            total, digit, last = total + (1 if digit < 0 else digit) * tens, -1, tens
            zero = False
        else:
            return None
    if digit > 0 and total and last > 10 and not zero:
        return None  # 三百五 says 350 to some and 305 to others
    return total + max(digit, 0)
