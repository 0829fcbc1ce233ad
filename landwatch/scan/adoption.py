"""For whom a policy speaks: everywhere, or in some zones, levels of zone or divisions.

Several are alternatives: it speaks where one of them holds. Each is three-valued, as facts are: a
contract whose zone tells no level is neither inside nor outside what holds for a level.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from landwatch.lawbook.policy import About
from landwatch.scan.merge import listed
from landwatch.store import Scope

ZONE_OPEN = "missing:zone_id"
"""The reason where a contract's parcels lie in several zones and the policy speaks in one."""
LEVEL_OPEN = "missing:level"
"""The reason where the policy speaks in zones of a level, and the level of the zone is not told."""
DIVISION_OPEN = "missing:adcode"
"""The reason where the policy speaks in a division, and the contract tells none, or a wider one."""

_CODE = "'[0-9]{2}|[0-9]{4}|[0-9]{6}([0-9]{3}){0,2}'"
_ADCODE = {
    About.CONTRACT: "coalesce(adcode, zone_adcode)",
    About.PARK: "adcode",
}


@dataclass(frozen=True, slots=True)
class Adoption:
    """For whom a policy speaks on a day: everywhere, or where one of the places named is met.

    `divisions` are the digits that codes of a division begin with.
    """

    everywhere: bool
    zones: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    divisions: frozenset[str] = frozenset()

    def sql(self, about: About = About.CONTRACT) -> str:
        """Return the SQL of whether the policy speaks of a contract or park; NULL where open."""
        tests = " OR ".join(test for test, _ in self._places(about))
        return "TRUE" if self.everywhere else f"({tests or 'FALSE'})"

    def open_sql(self, about: About = About.CONTRACT) -> str:
        """Return the SQL of why it is open whether the policy speaks; NULL where it is not."""
        branches = " ".join(
            f"WHEN {test} IS NULL THEN {reason}" for test, reason in self._places(about)
        )
        return f"(CASE {branches} END)" if branches and not self.everywhere else "NULL"

    def _places(self, about: About) -> list[tuple[str, str]]:
        """Return, of each kind of place that is named, its three-valued test and its reason."""
        found = []
        if self.zones:
            found.append((self._zone(), f"'{ZONE_OPEN}'"))
        if self.levels:
            reason = f"CASE WHEN zone_id IS NULL THEN '{ZONE_OPEN}' ELSE '{LEVEL_OPEN}' END"
            found.append((self._level(), reason))
        for division in sorted(self.divisions):
            found.append((_division(division, _ADCODE[about]), f"'{DIVISION_OPEN}'"))
        return found

    def _zone(self) -> str:
        names = listed(sorted(self.zones))
        return (
            f"(CASE WHEN zone_id IS NOT NULL THEN zone_id IN ({names})"
            f" WHEN len(zones_open) > 0 AND list_has_all([{names}], zones_open) THEN TRUE"
            f" WHEN list_has_any(zones_open, [{names}]) THEN NULL ELSE FALSE END)"
        )

    def _level(self) -> str:
        names = listed(sorted(self.levels))
        known = (
            "list_has_all((SELECT coalesce(list(zone_id), []) FROM now_zones WHERE {}), zones_open)"
        )
        return (
            f"(CASE WHEN zone_id IS NOT NULL THEN level IN ({names})"
            f" WHEN len(zones_open) = 0 THEN FALSE"
            f" WHEN {known.format(f'level IN ({names})')} THEN TRUE"
            f" WHEN {known.format(f'level NOT IN ({names})')} THEN FALSE END)"
        )


def _division(division: str, adcode: str) -> str:
    """Return whether a code is of the division; 620100 is the whole city, so it may be or not."""
    prefix = f"regexp_replace(left({adcode}, 6), '(0000|00)$', '')"
    return (
        f"(CASE WHEN NOT coalesce(regexp_full_match({adcode}, {_CODE}), FALSE) THEN NULL"
        f" WHEN starts_with({prefix}, '{division}') THEN TRUE"
        f" WHEN starts_with('{division}', {prefix}) THEN NULL ELSE FALSE END)"
    )


def adoption_on(scopes: Iterable[Scope], day: date) -> Adoption:
    """Return for whom a policy speaks on a day of scan, by the scopes it is adopted for."""
    holding = [scope for scope in scopes if scope.holds_on(day)]
    return Adoption(
        everywhere=any(scope.everywhere for scope in holding),
        zones=frozenset(scope.zone_id for scope in holding if scope.zone_id is not None),
        levels=frozenset(scope.level for scope in holding if scope.level is not None),
        divisions=frozenset(scope.division for scope in holding if scope.division is not None),
    )
