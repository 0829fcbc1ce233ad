"""For whom a policy speaks: everywhere, or the contracts of some zones."""

from __future__ import annotations

from dataclasses import dataclass

from landwatch.scan.merge import listed

ZONE_OPEN = "missing:zone_id"
"""The reason where a contract's parcels lie in several zones and the policy speaks in one."""


@dataclass(frozen=True, slots=True)
class Adoption:
    """For whom a policy speaks: everywhere, or the contracts of some zones."""

    everywhere: bool
    zones: frozenset[str] = frozenset()

    def sql(self) -> str:
        """Return the SQL of whether the policy speaks of a contract, never NULL."""
        if self.everywhere:
            return "TRUE"
        if not self.zones:
            return "FALSE"
        return f"coalesce(zone_id IN ({listed(sorted(self.zones))}), FALSE)"

    def open_sql(self) -> str:
        """Return the SQL of whether it depends on which of several zones a contract lies in."""
        if self.everywhere or not self.zones:
            return "FALSE"
        return f"(zone_id IS NULL AND list_has_any(zones_open, [{listed(sorted(self.zones))}]))"
