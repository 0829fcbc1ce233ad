"""How a store stands, as a machine reads it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from landwatch.language.sources import OF_PROGRESS
from landwatch.screen.sampling import audit_json
from landwatch.screen.store_doctor import ailment_json

if TYPE_CHECKING:
    from landwatch.commands import Sources, Status
    from landwatch.scan.freshness_figures import Ages, Freshness, Latest, SourceLine
    from landwatch.store import Expected, RhythmAct


def status_json(found: Status) -> dict[str, Any]:
    """Return the whole of a status; days and moments as ISO texts, counts as they are."""
    last, scan = found.last_import, found.last_scan
    return {
        "store": asdict(found.store),
        "as_of": found.as_of.isoformat(),
        "known_at": found.known_at.isoformat() if found.known_at else None,
        "last_import": last and {
            "import_id": last.import_id,
            "kind": str(last.kind),
            "file": last.source.name,
            "recorded_at": last.recorded_at.isoformat(),
            "recorded_by": last.recorded_by,
            "new": last.new,
            "changed": last.changed,
            "unchanged": last.unchanged,
        },
        "last_scan": scan and {
            "scan_id": scan.scan_id,
            "as_of": scan.as_of.isoformat(),
            "known_at": scan.known_at.isoformat(),
            "made_at": scan.made_at.isoformat(),
            "made_by": scan.made_by,
            "contracts": scan.contracts,
        },
        "withdrawn": [
            {
                "import_id": receipt.import_id,
                "kind": str(receipt.kind),
                "file": receipt.source.name,
                "withdrawn_at": back.recorded_at.isoformat(),
                "withdrawn_by": back.recorded_by,
                "reason": back.reason,
            }
            for receipt, back in found.withdrawn
        ],
        "freshness": freshness_json(found.freshness),
        "versions": dict(found.versions),
        "health": [ailment_json(one, "en") for one in found.ailments],
        "audit": found.audit and audit_json(found.audit),
    }  # fmt: skip


def freshness_json(fresh: Freshness) -> dict[str, Any]:
    """Return the figures of freshness."""
    return {
        "late": len(fresh.late),
        "sources": [_line(line) for line in fresh.lines],
        "not_expected": [
            {"source": one.source, **_latest(one.source, one.latest)} for one in fresh.unasked
        ],
        "evidence": {
            "all": _ages(fresh.all_ages),
            "by_zone": [{"zone_id": one.zone_id, **_ages(one)} for one in fresh.ages],
        },
    }


def _line(line: SourceLine) -> dict[str, Any]:
    period = line.period
    return {
        **_said(line.asked),
        "zones_left_out": list(line.besides),
        "standing": str(line.standing),
        "period": period.code if period else None,
        "period_start": period.start.isoformat() if period else None,
        "period_end": period.end.isoformat() if period else None,
        "due_on": line.due_on.isoformat() if line.due_on else None,
        "late_since": line.late_since.isoformat() if line.late_since else None,
        "periods_missed": line.missed,
        "expected": line.expected,
        "covered": line.covered,
        "by_zone": [asdict(share) for share in line.by_zone],
        "zone_open": line.zone_open,
        "lacking": [asdict(one) for one in line.lacking],
        **_latest(line.asked.source, line.latest),
    }


def _latest(source: str, latest: Latest) -> dict[str, Any]:
    """Return what came last; a file was not observed on a day, only recorded."""
    seen = latest.observed_on if source in OF_PROGRESS else None
    return {
        "latest_observed_on": seen.isoformat() if seen else None,
        "latest_recorded_at": latest.recorded_at.isoformat() if latest.recorded_at else None,
    }


def _ages(ages: Ages) -> dict[str, int]:
    from landwatch.scan.freshness_figures import BANDS

    names = [*(f"within_{days}_days" for days in BANDS), f"over_{BANDS[-1]}_days", "never"]
    counts = dict(zip(names, ages.counts, strict=True))
    return {**counts, "finished": ages.finished, "signed_later": ages.later}


def _said(act: Expected | RhythmAct) -> dict[str, Any]:
    return {
        "source": act.source,
        "zone_id": act.zone_id,
        "rhythm": str(act.rhythm) if act.rhythm else None,
        "grace_days": act.grace_days,
        "recorded_at": act.recorded_at.isoformat(),
        "recorded_by": act.recorded_by,
    }


def sources_json(found: Sources, *, history: bool) -> list[dict[str, Any]]:
    """Return what is expected, or every act."""
    if history:
        return [{"act": act.act, **_said(act)} for act in found.acts]
    return [_said(held) for held in found.expected]
