"""What is shown of who is in charge of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from landwatch.language.catalogue import say
from landwatch.screen.console import err, harmless, moment_words, out, phrase, print_json

if TYPE_CHECKING:
    from landwatch.commands import ChargesSeen
    from landwatch.store import Charge, ChargeAct


def charge_set(
    person: str, lang: str, *, zone: str | None, division: str | None, new: bool
) -> None:
    """Say whether a person is newly in charge of a place."""
    key, place = "charge.set" if new else "charge.already", _place(zone, division, lang)
    err().print(phrase(key, lang, person=person, place=place), soft_wrap=True)


def charge_ended(
    person: str, lang: str, *, zone: str | None, division: str | None, gone: bool
) -> None:
    """Say whether a charge of a place has ended."""
    key, place = "charge.ended" if gone else "charge.was_not", _place(zone, division, lang)
    err().print(phrase(key, lang, person=person, place=place), soft_wrap=True)


def _place(zone: str | None, division: str | None, lang: str) -> str:
    """Return a place as it was told; of a division the six digits, not those its codes share."""
    if zone is not None:
        return f"{say('what.zone', lang)} {zone}"
    if division is not None:
        return say("adoption.division", lang, division=division.ljust(6, "0"))
    return say("charge.all", lang)


def charges(found: ChargesSeen, lang: str, *, history: bool, as_json: bool) -> None:
    """List who is in charge of what, or every act that led there, and the parks of nobody."""
    if as_json:
        _print_json(found, history=history)
        return
    if history or found.charges:
        out().print(_table(found, lang, history=history))
    if found.unowned and not history:
        parks = "、" if lang == "zh" else ", "
        named = parks.join(f"{found.zones[one]}（{one}）" for one in found.unowned)
        out().print(phrase("charge.unowned", lang, count=len(found.unowned), parks=named),
                    soft_wrap=True)  # fmt: skip


def _table(found: ChargesSeen, lang: str, *, history: bool) -> Table:
    table = Table(header_style="bold")
    names = ("act", "person", "place", "mail", "when", "who") if history else (
        "person", "place", "mail",
    )  # fmt: skip
    for name in names:
        table.add_column(phrase(f"charge.column.{name}", lang), overflow="fold")
    for act in found.acts if history else ():
        when = moment_words(act.recorded_at)
        cells = (phrase(f"charge.act.{act.act}", lang), *_cells(act, found, lang), when)
        table.add_row(*cells, escape(harmless(act.recorded_by)))
    for held in () if history else found.charges:
        table.add_row(*_cells(held, found, lang))
    return table


def _cells(one: Charge | ChargeAct, found: ChargesSeen, lang: str) -> tuple[str, str, str]:
    if one.zone_id is not None:
        name = found.zones.get(one.zone_id, one.zone_id)
        place = name if name == one.zone_id else f"{name}（{one.zone_id}）"
    else:
        place = _place(None, one.division, lang)
    return escape(harmless(one.person)), escape(harmless(place)), escape(one.mail or "")


def _print_json(found: ChargesSeen, *, history: bool) -> None:
    def plain(one: Charge | ChargeAct) -> dict[str, object]:
        return {"person": one.person, "mail": one.mail, "zone_id": one.zone_id,
                "division": one.division}  # fmt: skip

    if history:
        acts = [
            {"act": act.act, **plain(act), "recorded_at": act.recorded_at.isoformat(),
             "recorded_by": act.recorded_by}
            for act in found.acts
        ]  # fmt: skip
        print_json(acts)
        return
    print_json({"charges": [plain(one) for one in found.charges], "unowned": list(found.unowned)})
