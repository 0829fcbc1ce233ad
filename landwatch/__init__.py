"""landwatch: is every supplied parcel used as law, policy and contract say?

Importing this package loads no pandas, no folium and no database; each verb loads what it needs.
In a notebook:

    import landwatch
    found = landwatch.findings("landwatch.gpkg")
    landwatch.map(found, "gravity")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landwatch.commands.frames import findings_frame as findings
    from landwatch.mapping.notebook import map_of as map  # noqa: A004 (as geopandas users say it)

__version__ = "0.1.0"

__all__ = ["__version__", "findings", "map"]

_LAZY = {
    "findings": ("landwatch.commands.frames", "findings_frame"),
    "map": ("landwatch.mapping.notebook", "map_of"),
}


def __getattr__(name: str) -> object:
    """Load what is asked for when it is asked for (PEP 562)."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, inside = _LAZY[name]
    found = getattr(import_module(module), inside)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the names of the package, those too that are not loaded yet."""
    return sorted({*globals(), *_LAZY})
