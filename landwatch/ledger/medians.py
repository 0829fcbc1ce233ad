"""Which prices per 亩 lie a hundred times away from those of like contracts of the same division.

Land of one kind in one county does not differ a hundredfold; units do: yuan written as 万元 are ten
thousand times too dear, hectares written as 亩 fifteen times. Yet a token price is real, so what
stands out is remarked and kept.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from statistics import median

from landwatch.language.records import Record, Value
from landwatch.ledger.background import Background, KnownContract
from landwatch.ledger.cells import tidy
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.judges import Judged

TIMES = 100
"""How many times the median, or how small a part of it, is more than land of one kind differs."""
ENOUGH = 8
"""Contracts of one kind and division without which a median says nothing."""
TOKEN_WAN, TOKEN_WAN_PER_MU = Decimal("0.01"), Decimal("0.1")
"""A hundred yuan for a parcel is no price: the system asks for a number above 0, so one is written.
Such rows are no part of a median."""
_USES = {
    "industrial": ("工业", "仓储", "工矿", "采矿", "厂房"),
    "residential": ("住宅", "住房", "居住", "公寓"),
    "commercial": ("商服", "商业", "商务", "批发", "零售", "餐饮", "金融", "旅馆", "娱乐"),
}


def broad_use(land_use: str) -> str:
    """Return the broad class of a land use, within which prices are alike; "" where none is told.

    >>> broad_use("其他普通商品住房用地"), broad_use("商业、住宅用地"), broad_use("公路用地")
    ('residential', 'mixed', 'other')
    """
    if not land_use:
        return ""
    told = [use for use, words in _USES.items() if any(word in land_use for word in words)]
    return "other" if not told else told[0] if len(told) == 1 else "mixed"


class PriceJudge:
    """Holds the price per 亩 of each contract against the median of its like."""

    def __init__(self, background: Background) -> None:
        """Begin with no row; `background` is asked only for divisions with too few in the file."""
        self._background = background
        self._groups: dict[tuple[str, str, str], int] = {}
        self._uses: dict[str, str] = {}
        self._sheets: dict[str | None, int] = {}
        self._of_row = (array("i"), array("i"), array("l"))  # group, sheet, row
        self._price, self._mu, self._keys = array("d"), array("d"), array("q")
        self._free = 0

    def see(self, record: Record) -> Iterable[Judged]:
        """Keep the price, area and kind of a contract: forty bytes."""
        told = record.values
        price, mu = told.get("price_wan"), told.get("area_mu")
        if not isinstance(price, Decimal) or not price:
            self._free += price == 0  # of allocated land only: other zeros were taken out
            return ()
        if _is_token(price, mu):
            return [_token(record, price)]
        if not (isinstance(mu, Decimal) and mu > 0):
            return ()
        kind = self._kind(told.get("division"), told.get("instrument"), told.get("land_use"))
        if kind is None:
            return ()
        groups, sheets, rows = self._of_row
        groups.append(self._groups.setdefault(kind, len(self._groups)))
        sheets.append(self._sheets.setdefault(record.sheet, len(self._sheets)))
        rows.append(record.row)
        self._price.append(float(price))
        self._mu.append(float(mu))
        self._keys.append(hash(record.key))
        return ()

    def conclude(self) -> Iterator[Judged]:
        """Yield each price that stands out, and how many rows were given free."""
        if self._free >= ENOUGH:  # of a few there is nothing to say
            yield Judged(IssueCode.PRICE_FREE, column="price_wan", values={"count": self._free})
        members: dict[int, array[int]] = {}
        for at, group in enumerate(self._of_row[0]):
            members.setdefault(group, array("l")).append(at)
        yield from sorted(
            self._standing_out(members), key=lambda one: (one.sheet or "", one.row or 0)
        )

    def _standing_out(self, members: Mapping[int, array[int]]) -> Iterator[Judged]:
        few = {kind for kind, group in self._groups.items() if len(members[group]) < ENOUGH}
        known = self._known(few) if few else {}
        for kind, group in self._groups.items():
            rates = [self._price[at] / self._mu[at] for at in members[group]]
            like = [*rates, *known.get(kind, ())]
            if len(like) >= ENOUGH:
                yield from self._far_from(median(like), len(like), kind[0], members[group])

    def _far_from(
        self, middle: float, count: int, division: str, members: Iterable[int]
    ) -> Iterator[Judged]:
        names = list(self._sheets)
        for at in members:
            rate = self._price[at] / self._mu[at]
            above = rate >= middle * TIMES
            if not above and rate * TIMES > middle:
                continue
            times = rate / middle if above else middle / rate
            price = _plain(self._price[at])
            said = {
                "price": price, "mu": _plain(self._mu[at]),
                "unit_price": _plain(rate), "median": _plain(middle), "times": f"{times:.0f}",
                "count": count, "division": division,
            }  # fmt: skip
            code = IssueCode.PRICE_ABOVE_MEDIAN if above else IssueCode.PRICE_BELOW_MEDIAN
            sheet = names[self._of_row[1][at]]
            yield Judged(code, sheet, self._of_row[2][at], "price_wan", price, said)

    def _known(self, few: set[tuple[str, str, str]]) -> dict[tuple[str, str, str], list[float]]:
        """Return the prices per 亩 that the ledger holds of these kinds, this file's keys left out.

        A contract told again replaces its older row, and must not count twice.
        """
        here, found = set(self._keys), dict[tuple[str, str, str], list[float]]()
        for one in self._background.contracts({kind[0] for kind in few}):
            kind = self._kind(one.division, one.instrument, one.land_use)
            if kind in few and hash(one.key) not in here and (rate := _rate(one)):
                found.setdefault(kind, []).append(rate)
        return found

    def _kind(
        self, division: Value | None, instrument: Value | None, land_use: Value | None
    ) -> tuple[str, str, str] | None:
        """Return within what prices are alike: division, instrument and broad land use."""
        if not division:
            return None
        use = str(land_use or "")
        if (broad := self._uses.get(use)) is None:
            broad = broad_use(use)
            if len(self._uses) < 10_000:
                self._uses[use] = broad
        return tidy(str(division)).replace(" ", ""), str(instrument or ""), broad


def _is_token(price: Decimal, mu: Value | None) -> bool:
    """Tell whether a price only fills its cell; a few m² may well cost less than a hundred yuan."""
    small = not isinstance(mu, Decimal) or price < mu * TOKEN_WAN_PER_MU
    return price <= TOKEN_WAN and small


def _token(record: Record, price: Decimal) -> Judged:
    told = format(price, "f")
    return Judged(
        IssueCode.PRICE_TOKEN, record.sheet, record.row, "price_wan", told, {"price": told}
    )


def _rate(one: KnownContract) -> float | None:
    """Return the price per 亩 of a contract that the ledger holds."""
    if not one.price_wan or not one.area_mu or _is_token(one.price_wan, one.area_mu):
        return None
    return float(one.price_wan) / float(one.area_mu)


def _plain(number: float) -> str:
    """Return a number as a person writes it, without idle zeros."""
    places = 4 if number >= 0.001 else 8
    return f"{number:.{places}f}".rstrip("0").rstrip(".")
