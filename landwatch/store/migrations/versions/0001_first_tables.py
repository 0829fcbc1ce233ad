"""The ledger's five tables, imports, adoptions, scans."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from landwatch.store.column_types import Area, Exact, Moment
from landwatch.store.registration import make_geopackage, register_attributes, register_features

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
M2, MU, NUMBER = Exact(4), Exact(8), Exact(6)

ZONES = (
    ("zone_id", sa.Text),
    ("name", sa.Text),
    ("level", sa.Text),
    ("parent_zone_id", sa.Text),
    ("adcode", sa.Text),
    ("approved_area_ha", NUMBER),
    ("leading_industries", sa.Text),
    ("geometry", Area()),
)

PARCELS = (
    ("parcel_id", sa.Text),
    ("unit_code", sa.Text),
    ("zone_id", sa.Text),
    ("land_use", sa.Text),
    ("area_m2", M2),
    ("geometry", Area()),
)

CONTRACTS = (
    ("contract_id", sa.Text),
    ("supervision_no", sa.Text),
    ("contract_no", sa.Text),
    ("parcel_id", sa.Text),
    ("zone_id", sa.Text),
    ("instrument", sa.Text),
    ("project_name", sa.Text),
    ("location", sa.Text),
    ("division", sa.Text),
    ("adcode", sa.Text),
    ("holder", sa.Text),
    ("holder_uscc", sa.Text),
    ("land_use", sa.Text),
    ("industry_code", sa.Text),
    ("industry_edition", sa.Text),
    ("area_m2", M2),
    ("area_mu", MU),
    ("price_wan", NUMBER),
    ("signed_on", sa.Date),
    ("supplied_on", sa.Date),
    ("agreed_delivery_on", sa.Date),
    ("delivered_on", sa.Date),
    ("agreed_start_on", sa.Date),
    ("agreed_completion_on", sa.Date),
    ("actual_start_on", sa.Date),
    ("actual_completion_on", sa.Date),
    ("agreed_total_investment_wan", NUMBER),
    ("agreed_total_investment_land_price_wan", NUMBER),
    ("agreed_total_investment_taxes_wan", NUMBER),
    ("agreed_fixed_investment_wan", NUMBER),
    ("agreed_intensity_wan_per_mu", NUMBER),
    ("agreed_far_min", NUMBER),
    ("agreed_far_max", NUMBER),
    ("agreed_density_min", NUMBER),
    ("agreed_tax_wan_per_mu", NUMBER),
    ("agreed_output_wan_per_mu", NUMBER),
    ("design_capacity", NUMBER),
    ("capacity_unit", sa.Text),
    ("due_start_area_m2", M2),
    ("due_start_area_mu", MU),
    ("start_penalty_permille", NUMBER),
    ("completion_penalty_permille", NUMBER),
    ("agreement_signed_on", sa.Date),
    ("agreement_area_mu", MU),
)

PROGRESS = (
    ("contract_id", sa.Text),
    ("observed_on", sa.Date),
    ("source", sa.Text),
    ("inspector", sa.Text),
    ("started", sa.Boolean),
    ("permit_on", sa.Date),
    ("foundation", sa.Text),
    ("pit_share", NUMBER),
    ("piles_driven", sa.BigInteger),
    ("piles_total", sa.BigInteger),
    ("foundation_share", NUMBER),
    ("developed_area_m2", M2),
    ("developed_area_mu", MU),
    ("suspended_since", sa.Date),
    ("resumed_on", sa.Date),
    ("works_without_permit", sa.Boolean),
    ("invested_wan", NUMBER),
    ("invested_land_price_wan", NUMBER),
    ("invested_taxes_wan", NUMBER),
    ("fixed_assets_wan", NUMBER),
    ("fixed_land_price_wan", NUMBER),
    ("floor_area_m2", M2),
    ("footprint_m2", M2),
    ("office_land_m2", M2),
    ("green_area_m2", M2),
    ("in_production_on", sa.Date),
    ("capacity_actual", NUMBER),
    ("completed_on", sa.Date),
    ("output_wan", NUMBER),
    ("tax_wan", NUMBER),
    ("value_added_wan", NUMBER),
    ("energy_tce", NUMBER),
    ("emission_kg", NUMBER),
    ("rd_wan", NUMBER),
    ("employees", sa.BigInteger),
    ("means_to_build", sa.Boolean),
    ("stage", sa.Text),
    ("note", sa.Text),
)

EVENTS = (
    ("contract_id", sa.Text),
    ("kind", sa.Text),
    ("on", sa.Date),
    ("document_no", sa.Text),
    ("amount_wan", NUMBER),
    ("until", sa.Date),
    ("cause", sa.Text),
    ("verified", sa.Boolean),
    ("agreed_start_on", sa.Date),
    ("agreed_completion_on", sa.Date),
    ("note", sa.Text),
)

LEDGER = (
    ("zones", ZONES, "园区 Zones", "每次导入的园区记录，只增不改 (rows as told, never changed)"),
    ("parcels", PARCELS, "宗地 Parcels", "每次导入的宗地记录，只增不改 (rows as told)"),
    ("contracts", CONTRACTS, "供地合同 Contracts", "供地合同与划拨决定书 (contracts of supply)"),
    ("progress", PROGRESS, "进度 Progress", "现场核查与填报 (what someone saw on a day)"),
    ("events", EVENTS, "事件 Events", "补充协议、延误、保证金等 (what happened to a contract)"),
)


def upgrade() -> None:
    """Make the tables and enter each in the GeoPackage."""
    make_geopackage(op.get_bind())
    _imports()
    for table, columns, title, description in LEDGER:
        _ledger_table(table, columns, title, description)
    _adoptions()
    _scans()


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("import_id", ID, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("source_name", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("rows_new", sa.BigInteger, nullable=False),
        sa.Column("rows_changed", sa.BigInteger, nullable=False),
        sa.Column("rows_unchanged", sa.BigInteger, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_imports_sha256", "imports", ["sha256"])
    register_attributes(op.get_bind(), "imports", "导入 Imports", "导入批次 (files taken in)")


def _ledger_table(
    table: str, columns: tuple[tuple[str, Any], ...], title: str, description: str
) -> None:
    op.create_table(
        table,
        sa.Column("record_id", ID, primary_key=True),
        sa.Column("record_key", sa.Text, nullable=False),
        sa.Column("import_id", ID, sa.ForeignKey("imports.import_id"), nullable=False),
        sa.Column("source_sheet", sa.Text),
        sa.Column("source_row", sa.BigInteger, nullable=False),
        sa.Column("cleared", sa.Text),
        sa.Column("unreadable", sa.Text),
        sa.Column("as_read", sa.Text, nullable=False),
        sa.Column("content_hash", sa.LargeBinary, nullable=False),
        *(sa.Column(name, holds) for name, holds in columns),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{table}_record_key", table, ["record_key", "record_id"])
    op.create_index(f"ix_{table}_import_id", table, ["import_id"])
    if "geometry" not in dict(columns):
        register_attributes(op.get_bind(), table, title, description)
        return
    register_features(op.get_bind(), table, title, description)
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(f"ix_{table}_geometry", table, ["geometry"], postgresql_using="gist")


def _adoptions() -> None:
    op.create_table(
        "adoptions",
        sa.Column("act_id", ID, primary_key=True),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("policy_id", sa.Text, nullable=False),
        sa.Column("zone_id", sa.Text),
        sa.Column("recorded_at", Moment, nullable=False),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    register_attributes(op.get_bind(), "adoptions", "采用 Adoptions", "政策的采用与停用")


def _scans() -> None:
    op.create_table(
        "scans",
        sa.Column("scan_id", ID, primary_key=True),
        sa.Column("as_of", sa.Date, nullable=False),
        sa.Column("known_at", Moment, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("landwatch_version", sa.Text, nullable=False),
        sa.Column("policies", sa.Text, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("contracts", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "scan_parts",
        sa.Column("part_id", ID, primary_key=True),
        sa.Column("scan_id", ID, sa.ForeignKey("scans.scan_id"), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_scan_parts_scan_id", "scan_parts", ["scan_id", "part_id"])
    register_attributes(op.get_bind(), "scans", "扫描 Scans", "每次扫描及其计数 (scans, counts)")
    register_attributes(op.get_bind(), "scan_parts", "扫描结果 Scan outcomes", "压缩存放 (packed)")
