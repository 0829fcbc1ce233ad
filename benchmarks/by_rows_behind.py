"""Which told cells stand behind each rule, so that an unreadable one leaves it open ."""

from __future__ import annotations

_START = (
    "contracts.actual_completion_on", "contracts.actual_start_on", "progress.foundation",
    "progress.permit_on", "progress.piles_", "progress.pit_share", "progress.started",
    "progress.works_without_permit",
)  # fmt: skip
_IDLE = (*_START, "contracts.agreed_start_on", "contracts.delivered_on", "events.amendment.",
         "events.delay.", "events.delivery.")  # fmt: skip
_HALT = (
    *_START, "contracts.agreed_total_investment_", "contracts.due_start_area_m2",
    "progress.completed_on", "progress.developed_area_m2", "progress.in_production_on",
    "progress.invested_", "progress.resumed_on", "progress.stage", "progress.suspended_since",
)  # fmt: skip
_DUE = ("contracts.agreed_completion_on", "contracts.instrument", "events.amendment.")
_RATIO = (*_DUE, "contracts.area_m2")
BEHIND: dict[str, tuple[str, ...]] = {
    "O53.A1": (*_IDLE, "contracts.price_wan"),
    "O53.A2": _IDLE,
    "O53.B": _HALT,
    "REL.26": (*_IDLE, "contracts.price_wan", "contracts.instrument"),
    "GC.START": (
        *_START, "contracts.agreed_start_on", "contracts.contract_form", "contracts.instrument",
        "contracts.price_wan", "contracts.start_penalty_permille", "events.amendment.",
    ),
    "GC.COMPLETE": (
        *_DUE, "contracts.actual_completion_on", "contracts.completion_penalty_permille",
        "contracts.contract_form", "contracts.price_wan", "progress.completed_on",
        "progress.in_production_on", "progress.stage",
    ),
    "GC.INTENSITY": (
        *_RATIO, "contracts.agreed_intensity_wan_per_mu", "contracts.price_wan",
        "progress.fixed_assets_wan", "progress.fixed_land_price_wan",
    ),
    "GC.FAR_MIN": (
        *_RATIO, "contracts.agreed_far_", "contracts.price_wan", "progress.floor_area_m2",
    ),
    "GC.FAR_MAX": (*_RATIO, "contracts.agreed_far_", "progress.floor_area_m2"),
    "GC.DENSITY": (
        *_RATIO, "contracts.agreed_density_min", "contracts.price_wan", "progress.footprint_m2",
    ),
    "GC.TAX": (
        *_RATIO, "contracts.agreed_tax_wan_per_mu", "progress.stat_year", "progress.tax_wan",
    ),
    "GC.OUTPUT": (
        *_RATIO, "contracts.agreed_output_wan_per_mu", "progress.stat_year", "progress.output_wan",
    ),
    "GC.STALLED": (
        *_HALT, "contracts.contract_form", "contracts.instrument", "contracts.price_wan",
        "contracts.signed_on", "events.amendment.", "events.delay.",
    ),
}  # fmt: skip
"""The cells that each rule asks for, by the beginning of their names."""
