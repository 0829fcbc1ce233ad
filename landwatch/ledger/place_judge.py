"""Whether outlines lie where the file says that they do, or are shifted like an internet map's.

A division is told by its code, or by the first six digits of a real-estate unit; a zone by its
outline in the ledger. Some thousand rows, thinned evenly, are enough; what is seen is remarked and
nothing is moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from landwatch.language.records import Record
from landwatch.ledger.ground import Ground
from landwatch.ledger.issues import IssueCode
from landwatch.ledger.judges import Judged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from landwatch.geo.frames import Frame
    from landwatch.geo.lookalikes import Across, Likeness
    from landwatch.geo.readings import Framed

MOST_KEPT = 2000
SHOWN = 5
_UNIT_DIGITS = 19
_WHOLLY = 0.5


@dataclass(frozen=True, slots=True)
class _Drawn:
    """An outline with its key and the frame that its row names."""

    key: str
    area: Any
    frame: Frame


class PlaceJudge:
    """Judges the places of a file's parcels or zones."""

    def __init__(self, ground: Ground) -> None:
        """Begin with nothing seen; `ground` tells the outlines of zones."""
        self._ground = ground
        self._kept: list[_Drawn] = []
        self._framed = 0
        self._step = 1

    def see(self, record: Record) -> Iterable[Judged]:
        """Keep an outline that says where it lies, or leave it out evenly."""
        area = record.values.get("geometry")
        if area is None or (frame := self._frame(record)) is None:
            return ()
        self._framed += 1
        if (self._framed - 1) % self._step == 0:
            self._kept.append(_Drawn(record.key, area, frame))
            if len(self._kept) >= 2 * MOST_KEPT:
                self._step *= 2
                del self._kept[1::2]
        return ()

    def _frame(self, record: Record) -> Frame | None:
        """Return the frame of the division or the zone that a row names."""
        from landwatch.geo.frames import division_frame

        told = record.values
        adcode, unit = str(told.get("adcode") or ""), str(told.get("unit_code") or "")
        if not adcode and len(unit) >= _UNIT_DIGITS:
            adcode = unit[:6]
        if len(adcode) == 6 and adcode.isascii() and adcode.isdigit():
            return division_frame(adcode)
        zone = told.get("zone_id")
        return self._zones.get(zone) if isinstance(zone, str) and zone != record.key else None

    @cached_property
    def _zones(self) -> dict[str, Frame]:
        import shapely

        from landwatch.geo.frames import Frame

        outlines = self._ground.zones()
        shapes = ((zone, shapely.from_wkb(wkb)) for zone, wkb in outlines.items() if wkb)
        return {zone: Frame(zone, shape) for zone, shape in shapes if shape.is_valid}

    def conclude(self) -> Iterator[Judged]:
        """Yield what the places show together."""
        import numpy as np

        from landwatch.geo.lookalikes import across, likenesses, sound
        from landwatch.geo.readings import framed_by

        if not self._kept:
            return
        shapes = np.empty(len(self._kept), dtype=object)
        shapes[:] = [one.area for one in self._kept]
        shapes, framed = sound(shapes), framed_by([one.frame for one in self._kept])
        lying = across(shapes, framed)
        strong = [one for one in likenesses(shapes, framed, lying) if one.strong]
        if strong:
            yield self._likeness(strong, framed)
        elif (judged := self._outside(shapes, framed, lying)) is not None:
            yield judged

    def _likeness(self, strong: list[Likeness], framed: Framed) -> Judged:
        from landwatch.geo.shifts import Shift

        codes = {Shift.GCJ02: IssueCode.GCJ02_LOOKALIKE, Shift.BD09: IssueCode.BD09_LOOKALIKE}
        one = strong[0]
        code = codes[one.shift] if len(strong) == 1 else IssueCode.SHIFT_LOOKALIKE
        told = {
            "name": framed.names(SHOWN), "looked": len(self._kept), "out": one.out,
            "cured": one.cured,
        }  # fmt: skip
        return Judged(code, column="geometry", values=told)

    def _outside(self, shapes: NDArray[np.object_], framed: Framed, lying: Across) -> Judged | None:
        """Return that rows lie outside the division they name; zones have a remark of their own."""
        import numpy as np

        from landwatch.geo.divisions import counties
        from landwatch.geo.lookalikes import middles
        from landwatch.geo.outlines import districts_at

        divisions = [at for at, frame in enumerate(framed.frames) if frame.code is not None]
        rows = np.flatnonzero((lying.shares > _WHOLLY) & np.isin(framed.of_row, divisions))
        if not len(rows):
            return None
        codes = Counter(districts_at(middles(shapes[rows])))
        codes.pop(None, None)
        where = "、".join(counties().get(str(code), "") for code, _ in codes.most_common(3))
        keys = "、".join(self._kept[at].key for at in rows[:SHOWN].tolist())
        told = {
            "name": framed.taken(rows).names(SHOWN), "out": len(rows), "examples": keys,
            "where": where or "—", "looked": len(self._kept),
        }  # fmt: skip
        return Judged(IssueCode.OUTSIDE_DIVISION, column="geometry", values=told)
