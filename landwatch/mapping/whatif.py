"""The page of a what-if: contracts as they would stand, those that change by a filter.

The page itself is the same. Each rule that moves a contract stands twice in its filter: as it would
decide, and with a Δ for those whose status would change, told from what to what.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from landwatch import __version__
from landwatch.language.catalogue import say
from landwatch.language.terms import SPEAKING, Gravity
from landwatch.lawbook.policy import About
from landwatch.mapping.data import MapData, RuleCard
from landwatch.mapping.gather import FindingColumns, cards, page_of
from landwatch.mapping.ground import ground
from landwatch.scan.findings import gravity_of
from landwatch.scan.moves import Moved, RuleMoves, WhatIf
from landwatch.store import ScanSummary, Store

CHANGED = "Δ "
"""What stands before the code of a rule for those whose status it would change."""


def whatif_data(store: Store, found: WhatIf, lang: str) -> MapData:
    """Return the page of a what-if; rules about parks draw nothing."""
    scan = _never_kept(found)
    place = ground(store, scan)
    rules = [rule for rule in found.rules if rule.rule.about is About.CONTRACT]
    if found.zone_id is not None:
        inside = [row for row in place.contracts if row["zone_id"] == found.zone_id]
        place = replace(place, contracts=inside)
    told = FindingColumns({row["contract_id"]: at for at, row in enumerate(place.contracts)})
    gravest: dict[str, Gravity] = {}
    for rule in rules:
        _tell(rule, found, told, gravest)
    numbers = "；".join(one.short() for one in found.supposed)
    title = say("whatif.map_title", lang, numbers=numbers, policy=found.policy.id)
    used = _cards(found, told.columns.get("rule", []))
    names = [row["contract_id"] for row in place.contracts]
    gravities = [str(gravest.get(name, Gravity.NOT_APPLICABLE)) for name in names]
    return page_of(store, scan, place, told, gravities, rules=used, title=title)


def _never_kept(found: WhatIf) -> ScanSummary:
    """Return what stands for a scan: same day, same knowledge, no number, nothing in the store."""
    return ScanSummary(
        scan_id=None,
        as_of=found.as_of,
        known_at=found.known_at or datetime.now(UTC),
        made_at=datetime.now(UTC),
        made_by="",
        landwatch_version=__version__,
        policies={found.policy.id: found.policy.version},
        counts={},
        contracts=found.contracts,
    )


def _tell(
    rule: RuleMoves, found: WhatIf, told: FindingColumns, gravest: dict[str, Gravity]
) -> None:
    """Add the outcomes of a rule that say something, and each contract that it moves."""
    unit = rule.rule.unit.text if rule.rule.unit else None
    by_id = {}
    for row in rule.decided.to_pylist():
        contract, gravity = row["contract_id"], gravity_of(row)
        by_id[contract] = row = {**row, "rule": rule.rule.code, "unit": unit}
        if contract not in gravest or gravity < gravest[contract]:
            gravest[contract] = gravity
        if row["status"] in SPEAKING:
            told.add(row)
    for one in rule.moved:
        contract = str(one.subject.contract_id)
        words = {f"explanation_{lang}": _why(one, found, lang) for lang in ("zh", "en")}
        told.add({**by_id[contract], "rule": CHANGED + rule.rule.code, **words})


def _why(one: Moved, found: WhatIf, lang: str) -> str:
    return say(
        "whatif.map_why",
        lang,
        numbers="；".join(each.short() for each in found.supposed),
        before=one.before.gravity.in_words(lang),
        after=one.after.gravity.in_words(lang),
        cure=one.cures[0].in_words(lang) if one.cures else "",
    ).strip()


def _cards(found: WhatIf, used: list[str]) -> dict[str, RuleCard]:
    """Return the cards of the rules; each title says that it is supposed, wherever it is read."""
    plain = cards({found.policy.id: found.policy}, {code.removeprefix(CHANGED) for code in used})
    supposed = {code: _titled(card, "whatif.map_rule") for code, card in plain.items()}
    changed = {CHANGED + code: _titled(card, "whatif.map_card") for code, card in plain.items()}
    return supposed | {code: card for code, card in changed.items() if code in used}


def _titled(card: RuleCard, key: str) -> RuleCard:
    title_zh, title_en = (
        say(key, lang, title=title)
        for lang, title in (("zh", card.title_zh), ("en", card.title_en))
    )
    return replace(card, title_zh=title_zh, title_en=title_en)
