"""Facts of the whole rulebook, scope and days of an adoption, policies word for word.

Columns are added one by one: rebuilding a table would strip the GeoPackage's triggers.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from landwatch.store.column_types import Exact, Moment
from landwatch.store.registration import register_attributes

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
NUMBER = Exact(6)

ADDED = {
    "zones": (
        ("outer_county", sa.Boolean),
        ("statistics_on", sa.Date),
        ("economy_wan", NUMBER),
        ("industry_output_wan", NUMBER),
        ("total_output_wan", NUMBER),
        ("leading_output_wan", NUMBER),
        ("annual_plan_ha", NUMBER),
        ("batch_area_ha", NUMBER),
    ),
    "contracts": (
        ("contract_form", sa.Text),
        ("former_land_class", sa.Text),
        ("conversion_approved_on", sa.Date),
        ("agreed_energy_wan_per_tce", NUMBER),
        ("agreed_emission_wan_per_t", NUMBER),
        ("floor_price_yuan_per_m2", NUMBER),
        ("grade_minimum_yuan_per_m2", NUMBER),
    ),
    "progress": (
        ("stat_year", sa.BigInteger),
        ("above_scale", sa.Boolean),
        ("evaluated_tax_wan", NUMBER),
        ("revenue_wan", NUMBER),
        ("electricity_wan_kwh", NUMBER),
        ("unused_since", sa.Date),
    ),
    "adoptions": (
        ("level", sa.Text),
        ("division", sa.Text),
        ("holds_from", sa.Date),
        ("holds_to", sa.Date),
    ),
}


def upgrade() -> None:
    """Add the columns and the table of policy texts."""
    for table, columns in ADDED.items():
        for name, holds in columns:
            op.add_column(table, sa.Column(name, holds))
    op.create_table(
        "policy_texts",
        sa.Column("text_id", ID, primary_key=True),
        sa.Column("policy_id", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("brought", sa.Boolean, nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_policy_texts_policy_id", "policy_texts", ["policy_id", "text_id"])
    register_attributes(op.get_bind(), "policy_texts", "政策文本 Policy texts", "政策文件全文")
