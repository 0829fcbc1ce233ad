"""What the events say on a day: amendments, handovers, verified delays, payments, urgings.

A verified delay counts from `on` to `until`, both inclusive; a blank `until` means that it lasts.
One that has ended is healed by an amendment dated after its end that agrees on a new start: the
clock then runs from that date (Order 53 Art. 12; ledger.md §4).
"""

from __future__ import annotations

from datetime import date

from landwatch.lawbook.expressions.columnwise import literal

GOVERNMENT = ("G1", "G2", "G3", "G4", "G5", "G6", "FM")
PAYMENTS_TYPE = 'STRUCT("on" DATE, amount_wan DECIMAL(18, 6))[]'


def on_the_day_sql(source: str, as_of: date) -> str:
    """Return the events that had happened by the day, in order (`rank`)."""
    return f"""
SELECT *, (CAST("on" - DATE '0001-01-01' AS BIGINT) << 40) + record_id AS rank
FROM {source} WHERE "on" <= {literal(as_of)}"""


def of_contract_sql(happened: str, as_of: date) -> str:
    """Return, for each contract with events, what they come to on the day."""
    day = literal(as_of)
    return f"""
SELECT contract_id,
  arg_max(agreed_start_on, rank) FILTER (kind = 'amendment' AND agreed_start_on IS NOT NULL)
    AS amended_start_on,
  arg_max(agreed_completion_on, rank)
    FILTER (kind = 'amendment' AND agreed_completion_on IS NOT NULL) AS amended_completion_on,
  max("on") FILTER (kind = 'amendment') AS amended_on,
  max("on") FILTER (kind = 'delivery') AS handover_event_on,
  max("on") FILTER (kind = 'urge') AS urged_on,
  max("on") FILTER (kind = 'support_cut') AS support_cut_on,
  max("on") FILTER (kind = 'inability') AS inability_on,
  {_payments("bond_deposit")} AS bond_deposits,
  {_payments("bond_refund")} AS bond_refunds,
  min("on") FILTER (kind = 'bond_deposit' AND amount_wan IS NULL) AS blank_deposit_on,
  {_delays(GOVERNMENT, "delay", day)},
  {_delays((*GOVERNMENT, "P"), "statute_delay", day)},
  {_without_cause(day)}
FROM (
  SELECT *, max("on") FILTER (kind = 'amendment' AND agreed_start_on IS NOT NULL)
      OVER (PARTITION BY contract_id) AS amended_last
  FROM {happened}
) GROUP BY contract_id"""


def _payments(kind: str) -> str:
    told = f"FILTER (kind = '{kind}' AND amount_wan IS NOT NULL)"
    return f'list({{"on": "on", amount_wan: amount_wan}} ORDER BY rank) {told}'


def _delays(causes: tuple[str, ...], name: str, day: str) -> str:
    verified = f"kind = 'delay' AND verified AND cause IN {causes}"
    active = f"{verified} AND (until IS NULL OR until >= {day})"
    ended = f"{verified} AND until < {day}"
    mixed = f"{ended} AND (amended_last IS NULL OR amended_last <= until)"
    lasting = f"count(*) FILTER ({active} AND until IS NULL) > 0"
    return f"""count(*) FILTER ({active}) > 0 AS {name}_active,
  arg_max(cause, rank) FILTER ({active}) AS {name}_cause,
  CASE WHEN NOT {lasting} THEN max(until) FILTER ({active}) END AS {name}_until,
  count(*) FILTER ({ended}) > 0 AS {name}_ended,
  count(*) FILTER ({mixed}) > 0 AS {name}_mixed"""


def _without_cause(day: str) -> str:
    """Return whether a verified delay without a told cause stands: nobody can say it is none."""
    return f"""count(*) FILTER (kind = 'delay' AND verified AND cause IS NULL AND (until IS NULL
    OR until >= {day} OR amended_last IS NULL OR amended_last <= until)) > 0 AS delay_untold"""
