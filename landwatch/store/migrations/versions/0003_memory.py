"""Imports that were taken back, how often sources are expected to report, terms of tenure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from landwatch.store.column_types import Moment
from landwatch.store.registration import register_attributes

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the columns of tenure and the tables of withdrawals and rhythms."""
    op.add_column("contracts", sa.Column("tenure_years", sa.Text))
    op.add_column("contracts", sa.Column("tenure_ends_on", sa.Date))
    op.create_table(
        "withdrawals",
        sa.Column("withdrawal_id", ID, primary_key=True),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("import_id", ID, sa.ForeignKey("imports.import_id"), nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_withdrawals_import_id", "withdrawals", ["import_id"])
    op.create_table(
        "withdrawn_rows",
        sa.Column("row_id", ID, primary_key=True),
        sa.Column("withdrawal_id", ID, sa.ForeignKey("withdrawals.withdrawal_id"), nullable=False),
        sa.Column("until_id", ID, sa.ForeignKey("withdrawals.withdrawal_id")),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("record_id", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_withdrawn_rows_record",
        "withdrawn_rows",
        ["kind", "record_id", "withdrawal_id"],
        unique=True,
    )
    op.create_table(
        "confirmations",
        sa.Column("confirmation_id", ID, primary_key=True),
        sa.Column("import_id", ID, sa.ForeignKey("imports.import_id"), nullable=False),
        sa.Column("sheets", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_confirmations_import_id", "confirmations", ["import_id"])
    op.create_table(
        "rhythms",
        sa.Column("act_id", ID, primary_key=True),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("zone_id", sa.Text),
        sa.Column("rhythm", sa.Text),
        sa.Column("grace_days", sa.BigInteger),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    for table, title, about in (
        ("withdrawals", "撤回的导入 Withdrawn imports", "撤回后其各行不再算数，但不删除"),
        ("withdrawn_rows", "撤回的行 Withdrawn rows", "各次撤回所涉的行"),
        ("confirmations", "再次报来的行 Rows told again", "再次报来而内容未变的行"),
        ("rhythms", "来源的报送周期 Expected rhythms", "由人规定；只增不改"),
    ):
        register_attributes(op.get_bind(), table, title, about)
