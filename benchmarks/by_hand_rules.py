"""The 13 rules as CASEs on what is known of each contract (for by_hand)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.by_hand_stalled import gc_stalled, o53_b
from benchmarks.by_rows_behind import BEHIND
from benchmarks.by_rows_saying import A_VISIT_SETTLES

NULL = "NULL"


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule: its rungs in order as (condition, status, reason), its days and numbers."""

    code: str
    rungs: Sequence[tuple[str, str, str]]
    since: str
    limit: str
    measured: str = NULL
    threshold: str = NULL
    past: str = NULL
    amount: str = NULL
    remedies: str = NULL


def outcomes_sql(day: str) -> str:
    """Return the query of all outcomes, one wide row for each contract, in the order of facts."""
    said = [_said(asked, day) for asked in rules(day)]
    decided = ", ".join(columns for columns, _ in said)
    shown = ", ".join(columns for _, columns in said)
    return f"""
SELECT contract_id, zone_id, parcel_id, {shown}
FROM (SELECT *, {decided} FROM facts)"""


def _said(asked: Asked, day: str) -> tuple[str, str]:
    """Return the columns that decide a rule, and those that are shown of it."""
    code = asked.code
    rung = " ".join(f"WHEN {when} THEN {at}" for at, (when, _, _) in enumerate(asked.rungs))
    status = " ".join(f"WHEN {at} THEN '{one[1]}'" for at, one in enumerate(asked.rungs))
    reason = " ".join(
        f"WHEN {at} THEN {one[2]}" for at, one in enumerate(asked.rungs) if one[2] != NULL
    )
    accuses = [str(at) for at, one in enumerate(asked.rungs) if one[1] in ("breach", "exempt")]
    behind = "|".join(name.replace(".", "[.]") for name in BEHIND[code])
    unread = (
        f"CASE WHEN cells IS NOT NULL THEN nullif(regexp_extract(cells,"
        f" '(^| )(({behind})[^ ]*)', 2), '') END"
    )
    at, kept = f'"{code}/at"', f'"{code}/unread"'
    first = f"CASE {rung} END::TINYINT AS {at}, {unread} AS {kept}"
    held = f"({kept} IS NOT NULL AND {at} IN ({', '.join(accuses)}))"
    breach = next(str(n) for n, one in enumerate(asked.rungs) if one[1] == "breach")
    is_breach = f"{at} = {breach} AND {kept} IS NULL"
    silent = [str(n) for n, one in enumerate(asked.rungs) if one[1] == "not_applicable"]
    speaks = f"{at} NOT IN ({', '.join(silent)})" if silent else "true"
    settled = ", ".join(
        str(n)
        for n, one in enumerate(asked.rungs)
        if one[1] == "unknown"
        and (one[2].startswith("'stale") or one[2].strip("'") in A_VISIT_SETTLES)
    )
    gaps = ", ".join(str(n) for n, one in enumerate(asked.rungs) if one[2] == "start_gap")
    verify = f"{at} IN ({settled})" + (f" OR {at} IN ({gaps})" if gaps else "")
    then = f"""
CASE WHEN {held} THEN 'unknown' ELSE CASE {at} {status} END END AS "{code}/status",
CASE WHEN {held} THEN 'unreadable:' || regexp_extract({kept}, '[^.]*$')
  ELSE CASE {at} {reason or "WHEN -1 THEN ''"} END END AS "{code}/reason",
coalesce(({verify}) AND {asked.limit} < {day}, false) AS "{code}/to_verify",
round({asked.measured}, 6) AS "{code}/measured", {asked.threshold}::DOUBLE AS "{code}/threshold",
CASE WHEN {speaks} THEN {asked.since} END AS "{code}/clock_from",
CASE WHEN {speaks} THEN {asked.limit} END AS "{code}/limit_on",
CASE WHEN {is_breach} THEN {asked.past} END::INTEGER AS "{code}/days_past",
CASE WHEN {is_breach} THEN round({asked.amount}, 6) END AS "{code}/amount_wan",
CASE WHEN {is_breach} THEN {asked.remedies} END AS "{code}/remedies\""""
    return first, then


def stale(seen: str) -> str:
    """Return the SQL of the reason for evidence that is too old."""
    return f"'stale:observed_on=' || {seen}::VARCHAR"


def _early(limit: str, day: str, fact: str) -> list[tuple[str, str, str]]:
    return [
        (f"{limit} IS NULL", "unknown", f"'missing:{fact}'"),
        (f"{day} <= {limit} AND {limit} - {day} <= 90", "due_soon", NULL),
        (f"{day} <= {limit}", "not_due", NULL),
    ]


BY_CONTRACT = [
    ("instrument = 'allocation'", "not_applicable", "'instrument'"),
    ("instrument IS NULL", "unknown", "'missing:instrument'"),
]


def rules(day: str) -> list[Asked]:
    """Return the rules, each with its rungs in order."""
    return [
        _idle("O53.A1", day, 1, "", "'charge_idle_fee'", "price_wan::DOUBLE * 0.2"),
        _idle("O53.A2", day, 2, "", "'reclaim'", NULL),
        _from_stalled(o53_b(day)),
        _idle("REL.26", day, 1, "statute_", "CASE WHEN not_begun_on > idle_from + INTERVAL 2 YEAR"
              " THEN 'charge_idle_fee;reclaim' ELSE 'charge_idle_fee' END",
              "price_wan::DOUBLE * 0.2"),
        _start(day),
        _complete(day),
        _intensity(day),
        _share("GC.FAR_MIN", day, "floor_area_m2", "far", "agreed_far_min"),
        _most(day),
        _share("GC.DENSITY", day, "footprint_m2", "density", "agreed_density_min"),
        _year("GC.TAX", day, "tax"),
        _year("GC.OUTPUT", day, "output"),
        _from_stalled(gc_stalled(day)),
    ]  # fmt: skip


def _from_stalled(told: tuple[str, list[tuple[str, str, str]], str]) -> Asked:
    code, rungs, remedies = told
    limit = "stalled_limit"
    past = f"scan_day - {limit}"
    return Asked(code, rungs, "suspended_since", limit, past=past, remedies=remedies)


def _idle(code: str, day: str, years: int, ground: str, remedies: str, fee: str) -> Asked:
    limit = f"idle_limit_{years}"
    seen = f"not_begun_on > {limit} AND {day} - not_begun_on <= 180"
    grants = [
        ("instrument <> 'grant'", "not_applicable", "'instrument'"),
        ("instrument IS NULL", "unknown", "'missing:instrument'"),
    ]
    rungs = [
        *(grants if ground else []),
        ("begun", "compliant", NULL),
        (f"{ground}delay IS NOT NULL", "exempt", f"'cause:' || {ground}delay"),
        *_early(limit, day, "agreed_start_on"),
        (f"{seen} AND {ground}mixed", "unknown", "'cause:mixed'"),
        (f"{seen} AND cause_untold", "unknown", "'missing:cause'"),
        (seen, "breach", NULL),
        ("not_begun_on IS NOT NULL", "unknown", stale("not_begun_on")),
        ("true", "unknown", "start_gap"),
    ]
    amount = f"CASE WHEN price_wan > 0 THEN {fee} END"
    return Asked(code, rungs, "idle_from", limit, past=f"{day} - {limit}", amount=amount,
                 remedies=remedies)  # fmt: skip


def _start(day: str) -> Asked:
    limit = "start_due_on"
    late = f"begun_on > {limit} OR coalesce(no_last > {limit}, false)"
    until = f"coalesce(begun_on, CASE WHEN begun_by IS NOT NULL THEN no_last ELSE {day} END)"
    rungs = [
        *BY_CONTRACT,
        (f"begun_on <= {limit} OR begun_by <= {limit}", "compliant", NULL),
        *_early(limit, day, "agreed_start_on"),
        (late, "breach", NULL),
        ("begun", "unknown", "'missing:actual_start_on'"),
        ("not_begun_on IS NOT NULL", "unknown", stale("not_begun_on")),
        ("true", "unknown", "start_gap"),
    ]
    past = f"({until} - {limit})"
    counted = (
        f"CASE WHEN contract_form = 'form_newer' THEN least({past},"
        f" CAST({limit} + INTERVAL 1 YEAR AS DATE) - {limit}) ELSE {past} END"
    )
    amount = f"price_wan::DOUBLE * start_penalty_permille::DOUBLE * {counted} / 1000"
    return Asked("GC.START", rungs, limit, limit, past=past, amount=amount,
                 remedies="'contract_penalty'")  # fmt: skip


def _complete(day: str) -> Asked:
    limit = "completion_due_on"
    rungs = [
        *BY_CONTRACT,
        (f"completion_on <= {limit} OR built_first <= {limit}", "compliant", NULL),
        *_early(limit, day, "agreed_completion_on"),
        (f"completion_on > {limit} OR undone_on > {limit}", "breach", NULL),
        ("still", "unknown", stale("undone_on")),
        ("true", "unknown", "'missing:actual_completion_on'"),
    ]
    past = f"(coalesce(completion_on, CASE WHEN still THEN {day} ELSE undone_on END) - {limit})"
    amount = (
        "CASE WHEN contract_form IS NULL OR contract_form <> 'form_newer' THEN"
        f" price_wan::DOUBLE * completion_penalty_permille::DOUBLE * {past} / 1000 END"
    )
    return Asked("GC.COMPLETE", rungs, limit, limit, past=past, amount=amount,
                 remedies="'contract_penalty'")  # fmt: skip


def _shortfall(agreed: str, measured: str) -> str:
    price = "price_wan::DOUBLE"
    return f"({agreed}::DOUBLE - {measured}) / nullif({agreed}, 0)::DOUBLE * {price}"


def _intensity(day: str) -> Asked:
    (
        limit,
        agreed,
    ) = "completion_due_on", "agreed_intensity_wan_per_mu"
    seen = "least(fixed_assets_wan_on, fixed_land_price_wan_on)"
    rungs = [
        *BY_CONTRACT,
        (f"whole >= {agreed} * sized_mu AND fixed_assets_wan >= {agreed} * sized_mu",
         "compliant", NULL),
        (f"{agreed} IS NULL", "unknown", f"'missing:{agreed}'"),
        *_early(limit, day, "agreed_completion_on"),
        ("fixed_assets_wan IS NULL", "unknown", "'missing:fixed_assets_wan'"),
        ("fixed_land_price_wan IS NULL", "unknown", "'missing:fixed_land_price_wan'"),
        ("sized_mu IS NULL", "unknown", "'missing:area_m2'"),
        (f"{seen} <= {limit}", "unknown", stale(seen)),
        (f"whole < {agreed} * sized_mu AND fixed_assets_wan < {agreed} * sized_mu",
         "breach", NULL),
        ("true", "unknown", "'formula'"),
    ]  # fmt: skip
    return Asked("GC.INTENSITY", rungs, limit, limit, "intensity", agreed, f"{day} - {limit}",
                 _shortfall(agreed, "intensity"), "'contract_penalty'")  # fmt: skip


def _share(code: str, day: str, built: str, name: str, agreed: str) -> Asked:
    limit = "completion_due_on"
    crossed = ("agreed_far_min > agreed_far_max", "unknown", "'conflict'")
    rungs = [
        *BY_CONTRACT,
        *([crossed] if name == "far" else []),
        (f"{name}_mu >= {agreed} * sized_mu", "compliant", NULL),
        (f"{agreed} IS NULL", "unknown", f"'missing:{agreed}'"),
        *_early(limit, day, "agreed_completion_on"),
        (f"{built} IS NULL", "unknown", f"'missing:{built}'"),
        ("sized_mu IS NULL", "unknown", "'missing:area_m2'"),
        (f"{built}_on > {limit}", "breach", NULL),
        ("true", "unknown", stale(f"{built}_on")),
    ]
    return Asked(code, rungs, limit, limit, name, agreed, f"{day} - {limit}",
                 _shortfall(agreed, name), "'contract_penalty'")  # fmt: skip


def _most(day: str) -> Asked:
    limit, agreed = "completion_due_on", "agreed_far_max"
    late = f"floor_area_m2_on > {limit}"
    rungs = [
        *BY_CONTRACT,
        ("agreed_far_min > agreed_far_max", "unknown", "'conflict'"),
        (f"{late} AND far_mu <= {agreed} * sized_mu", "compliant", NULL),
        (f"{agreed} IS NULL", "unknown", f"'missing:{agreed}'"),
        *_early(limit, day, "agreed_completion_on"),
        ("floor_area_m2 IS NULL", "unknown", "'missing:floor_area_m2'"),
        ("sized_mu IS NULL", "unknown", "'missing:area_m2'"),
        (late, "breach", NULL),
        ("true", "unknown", stale("floor_area_m2_on")),
    ]
    return Asked("GC.FAR_MAX", rungs, limit, limit, "far", agreed, f"{day} - {limit}",
                 remedies="'contract_penalty'")  # fmt: skip


def _year(code: str, day: str, name: str) -> Asked:
    limit, agreed = "year_limit", f"agreed_{name}_wan_per_mu"
    told, on = f"year_{name}_wan", f"make_date(year_{name}, 12, 31)"
    rungs = [
        *BY_CONTRACT,
        (f"{on} >= {limit} AND {told} >= {agreed} * sized_mu", "compliant", NULL),
        (f"{agreed} IS NULL", "unknown", f"'missing:{agreed}'"),
        *_early(limit, day, "agreed_completion_on"),
        (f"{told} IS NULL", "unknown", f"'missing:{name}_wan'"),
        ("sized_mu IS NULL", "unknown", "'missing:area_m2'"),
        (f"{on} >= {limit}", "breach", NULL),
        ("true", "unknown", stale(on)),
    ]
    return Asked(code, rungs, "completion_due_on", limit, f"{told}::DOUBLE / sized_mu::DOUBLE",
                 agreed, f"{day} - {limit}", remedies="'contract_penalty'")  # fmt: skip
