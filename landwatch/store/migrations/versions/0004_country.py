"""Unfinished scans, samples and verdicts, who is responsible, prunings, edits by other programs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from landwatch.store.column_types import Moment
from landwatch.store.edits import watch_edits
from landwatch.store.registration import register_attributes

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables, what a scan says of the scan it builds on, and the watch on told rows."""
    op.add_column("scans", sa.Column("base_scan_id", ID))
    op.add_column("scans", sa.Column("judged_by", sa.Text))
    op.add_column("scans", sa.Column("tally", sa.Text))
    op.create_table(
        "scan_works",
        sa.Column("work_id", ID, primary_key=True),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("known_at", Moment, nullable=False),
        sa.Column("pieces", sa.BigInteger, nullable=False),
        sa.Column("begun_at", Moment, nullable=False),
        sa.Column("begun_by", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "scan_work_pieces",
        sa.Column("piece_id", ID, primary_key=True),
        sa.Column("work_id", ID, sa.ForeignKey("scan_works.work_id"), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_scan_work_pieces_number", "scan_work_pieces", ["work_id", "number"], unique=True
    )
    op.create_table(
        "prunings",
        sa.Column("pruning_id", ID, primary_key=True),
        sa.Column("scan_id", ID, sa.ForeignKey("scans.scan_id"), nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_prunings_scan_id", "prunings", ["scan_id"], unique=True)
    op.create_table(
        "samples",
        sa.Column("sample_id", ID, primary_key=True),
        sa.Column("scan_id", ID, sa.ForeignKey("scans.scan_id"), nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("design", sa.Text, nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "sample_items",
        sa.Column("item_id", ID, primary_key=True),
        sa.Column("sample_id", ID, sa.ForeignKey("samples.sample_id"), nullable=False),
        sa.Column("contract_id", sa.Text),
        sa.Column("zone_id", sa.Text),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("stratum", sa.Text, nullable=False),
        sa.Column("stratum_size", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sample_items_sample_id", "sample_items", ["sample_id"])
    op.create_table(
        "verdicts",
        sa.Column("verdict_id", ID, primary_key=True),
        sa.Column("item_id", ID, sa.ForeignKey("sample_items.item_id"), nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("status", sa.Text),
        sa.Column("cause", sa.Text),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("checked_on", sa.Date),
        sa.Column("checked_by", sa.Text),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_verdicts_item_id", "verdicts", ["item_id"])
    op.create_table(
        "charges",
        sa.Column("act_id", ID, primary_key=True),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("mail", sa.Text),
        sa.Column("zone_id", sa.Text),
        sa.Column("division", sa.Text),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    for table, title, about in (
        ("scan_works", "未完成的核对 Unfinished scans", "中断后可接着做；完成即清空"),
        ("scan_work_pieces", "未完成核对的各块 Pieces of unfinished scans", "完成即清空"),
        ("prunings", "清理过的核对 Pruned scans", "各次核对的明细何时由谁清理；合计仍在"),
        ("samples", "抽查 Samples", "从核对结果中随机抽取，供人复核"),
        ("sample_items", "抽查的条目 Sampled outcomes", "抽中的合同与规则"),
        ("verdicts", "抽查的结论 Verdicts", "复核人的结论；只增不改"),
        ("charges", "责任人 Who is responsible", "园区和行政区的责任人；只增不改"),
    ):
        register_attributes(op.get_bind(), table, title, about)
    op.create_table(
        "edits",
        sa.Column("edit_id", ID, primary_key=True),
        sa.Column("table_name", sa.Text, nullable=False),
        sa.Column("times", sa.BigInteger, nullable=False),
        sa.Column("token", sa.Text),
        sqlite_autoincrement=True,
    )
    register_attributes(
        op.get_bind(), "edits", "他处的改动 Edits by others", "其他程序改动或删除过已记录的行"
    )
    watch_edits(op.get_bind())
