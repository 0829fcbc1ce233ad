"""What if a policy said another number: decided twice on one ledger, kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from landwatch import bootstrap
from landwatch.commands.drawing import place_of_page
from landwatch.commands.telling import Told, each_known, silent
from landwatch.errors import UnknownNameError, UsageError
from landwatch.language.columns import Kind

if TYPE_CHECKING:
    from landwatch.mapping.page import PageReceipt
    from landwatch.scan.moves import WhatIf


def what_if(
    url: str,
    policy_id: str,
    settings: Sequence[str],
    *,
    as_of: date,
    zone_id: str | None = None,
    told: Told = silent,
) -> WhatIf:
    """Return what would change if a policy said these numbers, where it is adopted on that day.

    A policy that is adopted nowhere is decided for all contracts; the answer says so.

    Raises:
        UnknownNameError: no such policy, parameter, code, rule or zone; the nearest is offered.
        UsageError: what is supposed is no number of the parameter's unit.
    """
    from landwatch.scan.adoption import Adoption
    from landwatch.scan.kept import adopted_policies
    from landwatch.scan.known import ledger_at
    from landwatch.scan.supposing import suppose
    from landwatch.scan.whatif import Question
    from landwatch.scan.whatif import what_if as answer

    store = bootstrap.the_store(url)
    lawbook = bootstrap.the_lawbook(store)
    if policy_id not in lawbook:
        raise UnknownNameError("what.policy", policy_id, lawbook)
    policy = lawbook[policy_id]
    changed, supposed = suppose(policy, settings, as_of)
    if zone_id is not None:
        zones = store.columns(Kind.ZONES).column("zone_id").to_pylist()
        each_known("what.zone", [zone_id], zones)
    held = {one.policy.id: one.adoption for one in adopted_policies(store, lawbook, as_of)}
    nowhere = Adoption(everywhere=False)
    adoption = held.get(policy_id, nowhere)
    adopted = adoption != nowhere
    known_at = store.latest_moment() or datetime.now(UTC)
    question = Question(
        policy=policy,
        changed=changed,
        supposed=supposed,
        adoption=adoption if adopted else Adoption(everywhere=True),
        adopted=adopted,
        as_of=as_of,
        zone_id=zone_id,
        known_at=known_at,
    )
    return answer(ledger_at(store, known_at), question, told=told)


def place_of_workbook(path: Path) -> Path:
    """Return the path where a what-if's workbook may be written.

    Raises:
        UsageError: the name does not end in .xlsx.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError("error.report_kind", file=path.name)
    return path


def write_what_if(found: WhatIf, path: Path, *, lang: str) -> Path:
    """Write the workbook of a what-if: summary, zones, contracts.

    Raises:
        UsageError: the name does not end in .xlsx.
        LandwatchError: it cannot be written there.
    """
    from landwatch.reports.whatif_workbook import write_whatif

    write_whatif(place_of_workbook(path), found, lang)
    return path


def draw_what_if(url: str, found: WhatIf, path: Path, *, lang: str) -> PageReceipt:
    """Write the page of a what-if: contracts as they would stand, those that change by a filter.

    Raises:
        UsageError: the name does not end in .html.
        PageError: the page cannot be built or written.
    """
    from landwatch.mapping.page import write_page
    from landwatch.mapping.whatif import whatif_data

    return write_page(
        place_of_page(path), whatif_data(bootstrap.the_store(url), found, lang), lang=lang
    )
