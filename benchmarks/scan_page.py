"""The page of a run of the scan's benchmark."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.made_ledger import SEED
from benchmarks.scan_plots import (
    GROWTH_PLOT,
    STAGES_PLOT,
    STORE_STAGES,
    Run,
    grown,
    kinds,
    straight_line,
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar that the scan is held against: what was asked, what was found."""

    asked: str
    found: float
    limit: float
    shown: str
    least: bool = True

    @property
    def holds(self) -> bool:
        """Return whether the figure is on the right side of its limit."""
        return self.found >= self.limit if self.least else self.found <= self.limit

    @property
    def line(self) -> str:
        """Return the bar as a line of a table."""
        return f"| {self.asked} | {self.shown} | {'holds' if self.holds else '**missed**'} |"


def bars(run: Run) -> Iterator[Bar]:
    """Yield the bars of the issue with what this run found."""
    stages, contracts = run["stages"], run["contracts"]
    peer = run["peer_contracts"][-1]
    ours, hand, rows = stages["landwatch"], stages["by_hand"], stages[f"by_rows {peer}"]
    per_contract = rows["wall_s"] / peer * contracts
    yield _times(
        "columns → outcomes: at least 300 times the pandas script", per_contract, ours, 300,
        rows["cpu_s"] / peer * contracts,
    )  # fmt: skip
    share = ours["wall_s"] / hand["wall_s"]
    of_cpu = ours["cpu_s"] / hand["cpu_s"]
    shown = f"{share:.2f} times its wall time ({of_cpu:.2f} of its CPU time)"
    yield Bar("columns → outcomes: within 2 times the hand-written query", share, 2, shown, False)
    from_store, few = stages["by_rows store"], run["peer_contracts"][0]
    for kind in kinds(run):
        whole, first = stages[f"{kind} whole"], stages[f"{kind} first"]
        yield _times(
            f"{kind} → kept findings: at least 50 times the pandas script",
            from_store["wall_s"] / few * contracts, whole, 50,
            from_store["cpu_s"] / few * contracts,
        )  # fmt: skip
        peak = max(whole["peak_mb"], first["peak_mb"])
        yield Bar(f"{kind}: peak memory of a scan below 2 GB", peak, 2000, f"{peak:,.0f} MB", False)
        for what in ("changed", "day later"):
            small, again = stages[f"{kind} {what}"], stages[f"{kind} {what}, whole"]
            faster = again["wall_s"] / small["wall_s"]
            asked = "1 % of the contracts changed" if what == "changed" else "a day later"
            yield Bar(
                f"{kind}: {asked}, at least 5 times faster than a whole scan", faster, 5,
                f"{faster:.1f} times ({again['wall_s']:.1f} s → {small['wall_s']:.1f} s)",
            )  # fmt: skip


def _times(asked: str, peer_s: float, ours: Run, least: float, peer_cpu_s: float) -> Bar:
    wall, cpu = peer_s / ours["wall_s"], peer_cpu_s / ours["cpu_s"]
    return Bar(asked, wall, least, f"{wall:,.0f} times in wall time, {cpu:,.0f} in CPU time")


def _took(name: str, found: Run, more: str = "") -> str:
    return (
        f"| {name} | {found['wall_s']:,.2f} | {found['cpu_s']:,.2f} | {found['peak_mb']:,.0f} "
        f"| {found['load']:.1f} |{more}"
    )


_HEAD = "wall s | CPU s | peak MB | load before |"
_RULE = "---:|---:|---:|---:|"


def page(run: Run) -> str:
    """Return the page of the documentation."""
    parts = [
        "# The scan against a pandas script and a hand-written query",
        f"Written by `{run['command'].strip()}` on {run['machine']['on']}.",
        "## The bars",
        "| asked | found | |\n|---|---|---|\n" + "\n".join(bar.line for bar in bars(run)),
        _HELD.format(contracts=run["contracts"], peers=_listed(run["peer_contracts"])),
        "## From columns to outcomes",
        _pure(run),
        "## The pandas script",
        _peers(run),
        "## From the store to kept findings",
        _stores(run),
        "## Growth",
        _growth(run),
        "## What was measured",
        _made(run),
    ]
    return "\n\n".join(parts) + "\n"


_HELD = """\
All outcomes were held against each other in this run: status, reason, to_verify, clock, limit,
days past, remedies and zone equal, numbers equal to the last of their six decimals. The
hand-written query on all {contracts:,} contracts × 13 rules, the pandas script on {peers}
contracts × 13 rules; a difference would have ended the run. Rescans were held against whole scans
of the same day and knowledge, byte by byte."""


def _listed(numbers: list[int]) -> str:
    return ", ".join(f"{number:,}" for number in numbers[:-1]) + f" and {numbers[-1]:,}"


def _pure(run: Run) -> str:
    stages = run["stages"]
    ours, hand = stages["landwatch"], stages["by_hand"]
    lines = [
        f"| {run['contracts']:,} contracts | {_HEAD} of which the columns |",
        f"|---|{_RULE}---:|",
        _took("landwatch (`scan.run.decide`)", ours, f" {ours['columns_mb']:,.0f} MB |"),
        _took("hand-written DuckDB (`by_hand.py`)", hand, f" {hand['columns_mb']:,.0f} MB |"),
    ]
    return (
        "\n".join(lines)
        + "\n\n"
        + _filled(
            f"Of landwatch's {ours['wall_s']:.1f} s, {ours['gather_s']:.1f} s make the dossiers "
            "(what each key holds, the evidence of start, completion and production), the rest "
            "decides the 13 rules. The columns lie in memory before the clock starts, only those "
            "that the rules speak of, the same for both. The best of several runs in turn is told. "
            "The query knows these rules alone and explains nothing; landwatch decides whatever "
            "rules are adopted."
        )
    )


def _peers(run: Run) -> str:
    lines = [f"| contracts | {_HEAD} ms a contract |", f"|---:|{_RULE}---:|"]
    for contracts in run["peer_contracts"]:
        found = run["stages"][f"by_rows {contracts}"]
        each = found["cpu_s"] / contracts * 1000
        lines.append(_took(f"{contracts:,}", found, f" {each:.2f} of CPU |"))
    store, few = run["stages"]["by_rows store"], run["peer_contracts"][0]
    peer = run["peer_contracts"][-1]
    parts = ", ".join(f"{name} {took:,.1f} s" for name, took in store["parts"].items())
    return (
        "\n".join(lines)
        + "\n\n"
        + _filled(
            "`benchmarks/by_rows.py`: `groupby` for the reports of a contract, `apply(axis=1)` for "
            "the facts and the rules, exact decimals. Its time grows with the contracts, so that "
            f"of {run['contracts']:,} is told from {peer:,}. From a GeoPackage to findings in a "
            f"table (`read_sql`, `to_sql`) it takes {store['wall_s']:,.0f} s for {few:,}: {parts}."
        )
    )


def _stores(run: Run) -> str:
    lines = [
        f"| {run['contracts']:,} contracts | {_HEAD} " + " | ".join(STORE_STAGES) + " |",
        f"|---|{_RULE}" + "---:|" * len(STORE_STAGES),
    ]
    names = {
        "first": "first scan (the mirror of the rows is made)",
        "whole": "the same day again, whole",
        "day later": "a day later",
        "day later, whole": "a day later, whole",
        "changed": "1 % of the contracts changed",
        "changed, whole": "1 % changed, whole",
    }
    for kind in kinds(run):
        for name, words in names.items():
            found = run["stages"][f"{kind} {name}"]
            parts = " | ".join(f"{found['parts'].get(part, 0):.1f}" for part in STORE_STAGES)
            lines.append(_took(f"{kind}: {words}", found, f" {parts} |"))
    changed = run["stages"][f"{kinds(run)[0]} change"]["rows"]
    words = _filled(
        "read, gather, decide and keep are seconds of wall time. The change is an import of "
        f"{changed:,} inspections, each of another contract, after the scans before it."
    )
    return "\n".join(lines) + f"\n\n{words}\n\n![stages]({STAGES_PLOT})"


def _growth(run: Run) -> str:
    lines = [
        "| contracts | landwatch s | landwatch CPU s | µs of CPU a contract | by hand s |",
        "|---:|---:|---:|---:|---:|",
    ]
    for contracts, ours, hand in grown(run):
        each = ours["cpu_s"] / contracts * 1e6
        lines.append(
            f"| {contracts:,} | {ours['wall_s']:.2f} | {ours['cpu_s']:.2f} | {each:.1f} "
            f"| {hand['wall_s']:.2f} |"
        )
    return "\n".join(lines) + f"\n\n{_growth_words(run)}\n\n![growth]({GROWTH_PLOT})"


def _growth_words(run: Run) -> str:
    fit = straight_line(run)
    return _filled(
        f"The straight line nearest to it: {fit.fixed_s:.2f} s of CPU and {fit.each_us:.1f} µs a "
        "contract, by least squares of the relative error; the figure furthest from it is "
        f"{fit.furthest:.0%} off. The fixed part makes the engine and the rules' queries."
    )


def _filled(text: str) -> str:
    return textwrap.fill(text, 100, break_long_words=False)


def _made(run: Run) -> str:
    where, rows = run["machine"], run["stages"][f"make {run['contracts']}"]["rows"]
    wheels = ", ".join(f"{name} {number}" for name, number in where["wheels"].items())
    counts = "; ".join(f"{number:,} {kind}" for kind, number in rows.items())
    load = ", ".join(f"{number:.1f}" for number in where.get("load", ()))
    return f"""\
- A made-up ledger (benchmarks/made_ledger.py, seed {SEED}): {counts}.
  Every column has gaps of its own, five kinds of source report from 2019 to 2025, one contract in
  eight is in trouble, 2 % of the contracts are told again in a later file with blanks, cleared and
  unreadable cells, 1 % of the reports name their contract by another number of its.
- Rules: {", ".join(where["policies"])} (13), adopted everywhere; the day is {where["as_of"]}.
- {where["system"]}; Python {where["python"]}; {wheels}.
- Every stage is a process of its own; peak memory is VmHWM of that process; CPU time counts all its
  threads. The machine is shared: the load before each stage is told beside it, {load} at the end.
  Trust the ratios, not the seconds.

{_statuses(run)}"""


def _statuses(run: Run) -> str:
    """Return how many contracts have each status by each rule."""
    counts = run["stages"]["landwatch"]["counts"]
    names = ("breach", "due_soon", "exempt", "unknown", "not_due", "compliant", "not_applicable")
    lines = ["| rule | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
    for rule, told in counts.items():
        lines.append(f"| {rule} | " + " | ".join(f"{told.get(n, 0):,}" for n in names) + " |")
    return "\n".join(lines)
