"""O53.B and GC.STALLED as rungs on what is known of each contract (for by_hand)."""

from __future__ import annotations

from benchmarks.by_hand_tables import WORKING

TOTAL = "agreed_total_investment"
_NET = "(invested_wan - invested_land_price_wan - invested_taxes_wan) * 4"
_PLAN = f"({TOTAL}_wan - {TOTAL}_land_price_wan - {TOTAL}_taxes_wan)"
_BY_STAGE = f"stage = {WORKING} AND (suspended_since IS NULL OR stage_on >= suspended_since)"
_DONE = "greatest(built_last, completion_on) >= suspended_since"
STALLED_FACTS = f"""
  CAST(suspended_since + INTERVAL 1 YEAR AS DATE) AS stalled_limit,
  developed_mu * 3 < due_start_mu AS area_short, {_NET} < {_PLAN} AS net_short,
  invested_wan * 4 < {TOTAL}_wan AS gross_short,
  CASE WHEN invested_wan IS NOT NULL AND invested_land_price_wan IS NOT NULL
    AND invested_taxes_wan IS NOT NULL
    THEN least(invested_wan_on, invested_land_price_wan_on, invested_taxes_wan_on) END
    AS invested_on,
  coalesce({_DONE}, false) AS all_done,
  greatest(CASE WHEN {_BY_STAGE} THEN stage_on END,
    CASE WHEN resumed_on >= suspended_since THEN resumed_on_on END,
    CASE WHEN {_DONE} THEN greatest(built_last, completion_on) END) AS work_on,
  coalesce(contract_form, CASE WHEN signed_on >= DATE '2008-07-01' THEN 'form_2008'
    WHEN signed_on >= DATE '2006-07-01' THEN 'supplement_2006'
    WHEN signed_on IS NOT NULL THEN 'none' END) AS form"""

Rungs = list[tuple[str, str, str]]
NULL = "NULL"


def _stale(seen: str) -> str:
    return f"'stale:observed_on=' || {seen}::VARCHAR"


def o53_b(day: str) -> tuple[str, Rungs, str]:
    """Return the rule's code, rungs and remedy."""
    silent = [(f"NOT begun AND {day} - not_begun_on <= 180", "not_applicable", "'not_started'")]
    return "O53.B", [*silent, *_rungs(day, "net_short", [], [])], "'negotiate_disposal'"


def gc_stalled(day: str) -> tuple[str, Rungs, str]:
    """Return the rule's code, rungs and remedy."""
    silent = [
        ("instrument = 'allocation'", "not_applicable", "'instrument'"),
        ("form <> 'supplement_2006'", "not_applicable", "'contract_form'"),
        (f"NOT begun AND {day} - not_begun_on <= 180", "not_applicable", "'not_started'"),
        ("instrument IS NULL", "unknown", "'missing:instrument'"),
        ("form IS NULL", "unknown", "'missing:signed_on'"),
    ]
    grounds = [
        ("amended_on >= suspended_since", "unknown", "'amended'"),
        ("statute_delay IS NOT NULL", "unknown", "'cause:' || statute_delay"),
        ("statute_mixed", "unknown", "'cause:mixed'"),
        ("cause_untold", "unknown", "'missing:cause'"),
    ]
    split = [
        ("net_short <> gross_short AND invested_on <= stalled_limit", "unknown",
         _stale("invested_on")),
        ("net_short <> gross_short", "unknown", "'formula'"),
    ]  # fmt: skip
    both = "CASE WHEN net_short = gross_short THEN net_short END"
    return "GC.STALLED", [*silent, *_rungs(day, both, grounds, split)], "'charge_idle_fee'"


def _rungs(day: str, short_of_money: str, grounds: Rungs, split: Rungs) -> Rungs:
    short = f"(area_short OR {short_of_money})"
    working = "(work_on IS NOT NULL AND (suspended_since IS NULL OR suspended_since_on <= work_on))"
    conflict = "(work_on IS NOT NULL AND suspended_since_on > work_on)"
    early = f"(suspended_since IS NULL OR {day} <= stalled_limit)"
    open_gap = f"{short} IS NULL AND {early}"
    seen = (
        f"greatest(CASE WHEN area_short THEN developed_on END,"
        f" CASE WHEN {short_of_money} THEN invested_on END)"
    )
    terms = [f"{TOTAL}{part}_wan" for part in ("", "_land_price", "_taxes")]
    money = ["invested_wan", "invested_land_price_wan", "invested_taxes_wan"]
    breach = f"{short} AND {seen} > stalled_limit"
    return [
        ("begun IS NULL", "unknown", "start_gap"),
        ("not_begun_on IS NOT NULL", "unknown", _stale("not_begun_on")),
        (f"NOT {short} OR ({working} AND (all_done OR {day} - work_on <= 180))",
         "compliant", NULL),
        (f"{open_gap} AND area_short IS NULL AND due_start_mu IS NULL",
         "unknown", "'missing:due_start_area_m2'"),
        *((f"{open_gap} AND ({short_of_money}) IS NULL AND {term} IS NULL",
           "unknown", f"'missing:{term}'") for term in terms),
        (f"{working} AND suspended_since IS NULL", "unknown", _stale("work_on")),
        ("suspended_since IS NULL", "unknown", "'missing:suspended_since'"),
        (f"{early} AND stalled_limit - {day} <= 90", "due_soon", NULL),
        (early, "not_due", NULL),
        (conflict, "unknown", "'conflict'"),
        (working, "unknown", _stale("work_on")),
        (f"suspended_since_on <= stalled_limit OR {day} - suspended_since_on > 180",
         "unknown", _stale("suspended_since_on")),
        *((f"{breach} AND {when}", status, reason) for when, status, reason in grounds),
        (breach, "breach", NULL),
        (short, "unknown", _stale(seen)),
        ("developed_mu IS NULL", "unknown", "'missing:developed_area_m2'"),
        ("due_start_mu IS NULL", "unknown", "'missing:due_start_area_m2'"),
        *((f"{name} IS NULL", "unknown", f"'missing:{name}'") for name in (*money, *terms)),
        *split,
        ("true", "unknown", "'undecided'"),
    ]  # fmt: skip
