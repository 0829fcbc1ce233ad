"""Which adapters are installed: whose exports can be read beside the usual formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landwatch.ledger.adapters.installed import Installed


def adapters() -> tuple[Installed, ...]:
    """Return every adapter that is installed, broken ones too, with its package and version."""
    from landwatch.ledger.adapters.installed import adapters as installed

    return installed()
