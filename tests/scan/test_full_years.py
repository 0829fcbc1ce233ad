"""Tax and output of a full year: whose year a figure is, and when it is no whole year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from landwatch.scan.dossier import gather, open_engine
from landwatch.scan.sources import Records, told_facts
from tests.scan.worked import Worked, ledger_of

AS_OF = date(2023, 6, 30)


def report(on: str, tax: int | None, year: int | None = None, **more: Any) -> dict[str, Any]:
    told = {
        "observed_on": date.fromisoformat(on),
        "source": "statistics",
        "stat_year": year,
        **more,
    }
    told["tax_wan"] = None if tax is None else Decimal(tax)
    return {name: value for name, value in told.items() if value is not None}


CASES: dict[str, tuple[list[dict[str, Any]], int | None, str | None]] = {
    "the year that the report names": ([report("2023-03-01", 5, 2022)], 5, "2022-12-31"),
    "seen on the last day of the year": ([report("2022-12-31", 5)], 5, "2022-12-31"),
    "seen within a year that nobody names": ([report("2023-03-01", 5)], None, None),
    "a year that is not over": ([report("2023-03-01", 5, 2023)], None, None),
    "told before its year was over": ([report("2022-12-30", 5, 2022)], None, None),
    "the latest year, not the latest report": (
        [report("2023-02-01", 7, 2022), report("2023-05-01", 3, 2021)], 7, "2022-12-31",
    ),
    "a correction of the same year": (
        [report("2023-02-01", 7, 2022), report("2023-05-01", 3, 2022)], 3, "2022-12-31",
    ),
    "a blank of the latest year": (
        [report("2022-02-01", 7, 2021), report("2023-02-01", None, 2022)], 7, "2021-12-31",
    ),
    "after the day of the scan": ([report("2023-07-01", 9, 2022)], None, None),
    "a year that cannot be": ([report("2023-02-01", 7, 10**9)], None, None),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "tax", "on"), CASES.values(), ids=CASES)
def test_the_figure_of_the_latest_full_year_speaks(
    rows: list[dict[str, Any]], tax: int | None, on: str | None
) -> None:
    told = ledger_of({"c": Worked({"signed_on": date(2018, 1, 1)}, None, tuple(rows))})
    engine = open_engine()
    gather(engine, told, AS_OF)
    (found,) = engine.sql("SELECT year_tax_wan, year_tax_on FROM dossiers").fetchall()
    engine.close()
    assert found == (
        None if tax is None else Decimal(tax),
        None if on is None else date.fromisoformat(on),
    )
    numbered = [
        {"record_id": n, "key": str(n), "cleared": None, **row} for n, row in enumerate(rows)
    ]
    behind = told_facts(["year_tax_wan"], Records([{"record_id": 0}], numbered, []), AS_OF)
    assert [one.value for one in behind if one.name == "tax_wan"] == (
        [] if tax is None else [Decimal(tax)]
    )
    years = [one.value for one in behind if one.name == "stat_year"]
    assert all(on is not None and on.startswith(str(year)) for year in years)
