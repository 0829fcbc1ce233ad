"""What a page may tell beside parcels, contracts and findings: each part brings its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from landwatch.errors import Worded

if TYPE_CHECKING:
    from landwatch.mapping.arranging import Arranged
    from landwatch.mapping.columns import Column
    from landwatch.mapping.data import MapData


class Part(Protocol):
    """One more thing that a page tells."""

    @property
    def name(self) -> str:
        """Return the name under which the page finds its head, in `ledger.head.parts`."""
        ...

    @property
    def later(self) -> bool:
        """Tell whether the page unpacks it only when it is first wanted (`page.details()`).

        What a card tells of one contract need not be read before the map stands.
        """
        ...

    def columns(self, data: MapData, rows: Arranged) -> Sequence[Column]:
        """Return its columns, in the order in which the page has its rows."""
        ...

    def head(self, data: MapData, rows: Arranged) -> Mapping[str, object]:
        """Return what is told once: names, days, counts; no column."""
        ...


@runtime_checkable
class Outward(Protocol):
    """A part that brings more than columns: blocks of its own, pictures from beyond the page."""

    def blocks(self, data: MapData, rows: Arranged) -> Mapping[str, str]:
        """Return packs that the page reads only when they are shown, by their names."""
        ...

    def image_sources(self) -> tuple[str, ...]:
        """Return what the security policy must let pictures come from, beside the page itself."""
        ...

    def lay_beside(self) -> None:
        """Write what goes beside the page."""
        ...

    def remarks(self) -> tuple[Worded, ...]:
        """Return what is to be said to whoever makes the page."""
        ...
