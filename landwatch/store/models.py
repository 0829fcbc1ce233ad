"""The tables, one model each: what was told (five kinds), imports, adoptions, scans.

Rows are only ever added. A later row of the same key supersedes an earlier one and leaves it there,
so that any day can be looked at with what was known at any moment. A test holds the columns equal
to `landwatch.language.columns`.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from landwatch.language.columns import Kind
from landwatch.store.column_types import Area, Exact, Moment

Words = Annotated[str, mapped_column(sa.Text)]
Day = Annotated[date, mapped_column(sa.Date)]
YesNo = Annotated[bool, mapped_column(sa.Boolean)]
Count = Annotated[int, mapped_column(sa.BigInteger)]
SquareMetres = Annotated[Decimal, mapped_column(Exact(4))]
Mu = Annotated[Decimal, mapped_column(Exact(8))]
Number = Annotated[Decimal, mapped_column(Exact(6))]
Shape = Annotated[Any, mapped_column(Area)]

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""SQLite numbers its rows only in a column declared INTEGER."""


class Base(DeclarativeBase):
    """All tables of a store."""


class Import(Base):
    """One file taken in, in one transaction."""

    __tablename__ = "imports"
    __table_args__ = (sa.Index("ix_imports_sha256", "sha256"), {"sqlite_autoincrement": True})

    import_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    kind: Mapped[Words]
    source_name: Mapped[Words]
    sha256: Mapped[Words]
    size: Mapped[Count]
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[Words]
    rows_new: Mapped[Count]
    rows_changed: Mapped[Count]
    rows_unchanged: Mapped[Count]
    note: Mapped[Words]


class Withdrawal(Base):
    """A person took an import back (`withdraw`), or let it stand again (`restore`)."""

    __tablename__ = "withdrawals"
    __table_args__ = (
        sa.Index("ix_withdrawals_import_id", "import_id"),
        {"sqlite_autoincrement": True},
    )

    withdrawal_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    act: Mapped[Words]
    import_id: Mapped[int] = mapped_column(_ID, sa.ForeignKey("imports.import_id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[Words]
    reason: Mapped[Words]


class WithdrawnRow(Base):
    """A row that is not known from a withdrawal on, until another act lets it stand again."""

    __tablename__ = "withdrawn_rows"
    __table_args__ = (
        sa.Index("ix_withdrawn_rows_record", "kind", "record_id", "withdrawal_id", unique=True),
        {"sqlite_autoincrement": True},
    )

    row_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    withdrawal_id: Mapped[int] = mapped_column(_ID, sa.ForeignKey("withdrawals.withdrawal_id"))
    until_id: Mapped[int | None] = mapped_column(_ID, sa.ForeignKey("withdrawals.withdrawal_id"))
    kind: Mapped[Words]
    record_id: Mapped[Count]


class Confirmation(Base):
    """Which rows an import told again just as they stood: its own record of them is not kept.

    `content` is opaque (see `store.confirmations`), `sheets` the names that it counts by.
    """

    __tablename__ = "confirmations"
    __table_args__ = (
        sa.Index("ix_confirmations_import_id", "import_id"),
        {"sqlite_autoincrement": True},
    )

    confirmation_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    import_id: Mapped[int] = mapped_column(_ID, sa.ForeignKey("imports.import_id"))
    sheets: Mapped[Words]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class Told:
    """What every row of the ledger carries beside its columns: where it came from."""

    record_id: Mapped[int] = mapped_column(_ID, primary_key=True, sort_order=-9)
    record_key: Mapped[Words] = mapped_column(sort_order=-8)

    @declared_attr
    def import_id(cls) -> Mapped[int]:  # noqa: N805 (SQLAlchemy hands in the class)
        """The import that brought the row."""
        return mapped_column(_ID, sa.ForeignKey("imports.import_id"), sort_order=-7)

    source_sheet: Mapped[Words | None] = mapped_column(sort_order=-6)
    source_row: Mapped[Count] = mapped_column(sort_order=-5)
    cleared: Mapped[Words | None] = mapped_column(sort_order=-4)
    unreadable: Mapped[Words | None] = mapped_column(sort_order=-3)
    as_read: Mapped[Words] = mapped_column(sort_order=-2)
    content_hash: Mapped[bytes] = mapped_column(sa.LargeBinary, sort_order=-1)


def _ledger(table: str, *, spatial: bool = False) -> tuple[Any, ...]:
    """Return the indexes that a table of the ledger needs."""
    indexes = [
        sa.Index(f"ix_{table}_record_key", "record_key", "record_id"),
        sa.Index(f"ix_{table}_import_id", "import_id"),
    ]
    if spatial:  # a GeoPackage has its r-tree instead
        tree = sa.Index(f"ix_{table}_geometry", "geometry", postgresql_using="gist")
        indexes.append(tree.ddl_if(dialect="postgresql"))
    return (*indexes, {"sqlite_autoincrement": True})


class Zone(Told, Base):
    """园区: a development zone."""

    __tablename__ = "zones"
    __table_args__ = _ledger("zones", spatial=True)

    zone_id: Mapped[Words | None]
    name: Mapped[Words | None]
    level: Mapped[Words | None]
    parent_zone_id: Mapped[Words | None]
    adcode: Mapped[Words | None]
    approved_area_ha: Mapped[Number | None]
    leading_industries: Mapped[Words | None]
    outer_county: Mapped[YesNo | None]
    statistics_on: Mapped[Day | None]
    economy_wan: Mapped[Number | None]
    industry_output_wan: Mapped[Number | None]
    total_output_wan: Mapped[Number | None]
    leading_output_wan: Mapped[Number | None]
    annual_plan_ha: Mapped[Number | None]
    batch_area_ha: Mapped[Number | None]
    geometry: Mapped[Shape | None]


class Parcel(Told, Base):
    """宗地: a parcel."""

    __tablename__ = "parcels"
    __table_args__ = _ledger("parcels", spatial=True)

    parcel_id: Mapped[Words | None]
    unit_code: Mapped[Words | None]
    zone_id: Mapped[Words | None]
    land_use: Mapped[Words | None]
    area_m2: Mapped[SquareMetres | None]
    geometry: Mapped[Shape | None]


class Contract(Told, Base):
    """供地合同: a contract of supply, or an allocation decision."""

    __tablename__ = "contracts"
    __table_args__ = _ledger("contracts")

    contract_id: Mapped[Words | None]
    supervision_no: Mapped[Words | None]
    contract_no: Mapped[Words | None]
    parcel_id: Mapped[Words | None]
    zone_id: Mapped[Words | None]
    instrument: Mapped[Words | None]
    project_name: Mapped[Words | None]
    location: Mapped[Words | None]
    division: Mapped[Words | None]
    adcode: Mapped[Words | None]
    holder: Mapped[Words | None]
    holder_uscc: Mapped[Words | None]
    land_use: Mapped[Words | None]
    industry_code: Mapped[Words | None]
    industry_edition: Mapped[Words | None]
    area_m2: Mapped[SquareMetres | None]
    area_mu: Mapped[Mu | None]
    price_wan: Mapped[Number | None]
    signed_on: Mapped[Day | None]
    supplied_on: Mapped[Day | None]
    agreed_delivery_on: Mapped[Day | None]
    delivered_on: Mapped[Day | None]
    agreed_start_on: Mapped[Day | None]
    agreed_completion_on: Mapped[Day | None]
    actual_start_on: Mapped[Day | None]
    actual_completion_on: Mapped[Day | None]
    agreed_total_investment_wan: Mapped[Number | None]
    agreed_total_investment_land_price_wan: Mapped[Number | None]
    agreed_total_investment_taxes_wan: Mapped[Number | None]
    agreed_fixed_investment_wan: Mapped[Number | None]
    agreed_intensity_wan_per_mu: Mapped[Number | None]
    agreed_far_min: Mapped[Number | None]
    agreed_far_max: Mapped[Number | None]
    agreed_density_min: Mapped[Number | None]
    agreed_tax_wan_per_mu: Mapped[Number | None]
    agreed_output_wan_per_mu: Mapped[Number | None]
    design_capacity: Mapped[Number | None]
    capacity_unit: Mapped[Words | None]
    due_start_area_m2: Mapped[SquareMetres | None]
    due_start_area_mu: Mapped[Mu | None]
    start_penalty_permille: Mapped[Number | None]
    completion_penalty_permille: Mapped[Number | None]
    agreement_signed_on: Mapped[Day | None]
    agreement_area_mu: Mapped[Mu | None]
    contract_form: Mapped[Words | None]
    former_land_class: Mapped[Words | None]
    conversion_approved_on: Mapped[Day | None]
    agreed_energy_wan_per_tce: Mapped[Number | None]
    agreed_emission_wan_per_t: Mapped[Number | None]
    floor_price_yuan_per_m2: Mapped[Number | None]
    grade_minimum_yuan_per_m2: Mapped[Number | None]
    tenure_years: Mapped[Words | None]
    tenure_ends_on: Mapped[Day | None]


class Progress(Told, Base):
    """进度: what someone saw on a day."""

    __tablename__ = "progress"
    __table_args__ = _ledger("progress")

    contract_id: Mapped[Words | None]
    observed_on: Mapped[Day | None]
    source: Mapped[Words | None]
    inspector: Mapped[Words | None]
    started: Mapped[YesNo | None]
    permit_on: Mapped[Day | None]
    foundation: Mapped[Words | None]
    pit_share: Mapped[Number | None]
    piles_driven: Mapped[Count | None]
    piles_total: Mapped[Count | None]
    foundation_share: Mapped[Number | None]
    developed_area_m2: Mapped[SquareMetres | None]
    developed_area_mu: Mapped[Mu | None]
    suspended_since: Mapped[Day | None]
    resumed_on: Mapped[Day | None]
    works_without_permit: Mapped[YesNo | None]
    invested_wan: Mapped[Number | None]
    invested_land_price_wan: Mapped[Number | None]
    invested_taxes_wan: Mapped[Number | None]
    fixed_assets_wan: Mapped[Number | None]
    fixed_land_price_wan: Mapped[Number | None]
    floor_area_m2: Mapped[SquareMetres | None]
    footprint_m2: Mapped[SquareMetres | None]
    office_land_m2: Mapped[SquareMetres | None]
    green_area_m2: Mapped[SquareMetres | None]
    in_production_on: Mapped[Day | None]
    capacity_actual: Mapped[Number | None]
    completed_on: Mapped[Day | None]
    output_wan: Mapped[Number | None]
    tax_wan: Mapped[Number | None]
    value_added_wan: Mapped[Number | None]
    energy_tce: Mapped[Number | None]
    emission_kg: Mapped[Number | None]
    rd_wan: Mapped[Number | None]
    employees: Mapped[Count | None]
    stat_year: Mapped[Count | None]
    above_scale: Mapped[YesNo | None]
    evaluated_tax_wan: Mapped[Number | None]
    revenue_wan: Mapped[Number | None]
    electricity_wan_kwh: Mapped[Number | None]
    unused_since: Mapped[Day | None]
    means_to_build: Mapped[YesNo | None]
    stage: Mapped[Words | None]
    note: Mapped[Words | None]


class Event(Told, Base):
    """事件: what happened to a contract."""

    __tablename__ = "events"
    __table_args__ = _ledger("events")

    contract_id: Mapped[Words | None]
    kind: Mapped[Words | None]
    on: Mapped[Day | None]
    document_no: Mapped[Words | None]
    amount_wan: Mapped[Number | None]
    until: Mapped[Day | None]
    cause: Mapped[Words | None]
    verified: Mapped[YesNo | None]
    agreed_start_on: Mapped[Day | None]
    agreed_completion_on: Mapped[Day | None]
    note: Mapped[Words | None]


class AdoptionAct(Base):
    """A person adopted or dropped a policy: for whom it speaks, and on which days of scan.

    At most one of `zone_id`, `level` and `division` is told; none means everywhere.
    """

    __tablename__ = "adoptions"
    __table_args__ = ({"sqlite_autoincrement": True},)

    act_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    act: Mapped[Words]
    policy_id: Mapped[Words]
    zone_id: Mapped[Words | None]
    level: Mapped[Words | None]
    division: Mapped[Words | None]
    holds_from: Mapped[Day | None]
    holds_to: Mapped[Day | None]
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[Words]


class PolicyText(Base):
    """A policy word for word: one a person brought, or one that a scan judged by."""

    __tablename__ = "policy_texts"
    __table_args__ = (
        sa.Index("ix_policy_texts_policy_id", "policy_id", "text_id"),
        {"sqlite_autoincrement": True},
    )

    text_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    policy_id: Mapped[Words]
    version: Mapped[Words]
    file_name: Mapped[Words]
    content: Mapped[Words]
    brought: Mapped[YesNo]
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[Words]


class Rhythm(Base):
    """A person said how often a source is expected to report, or that it is no longer expected.

    `act` is `expect` or `drop`; `zone_id` narrows it to a zone; `rhythm` and `grace_days` are those
    of an `expect`.
    """

    __tablename__ = "rhythms"
    __table_args__ = ({"sqlite_autoincrement": True},)

    act_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    act: Mapped[Words]
    source: Mapped[Words]
    zone_id: Mapped[Words | None]
    rhythm: Mapped[Words | None]
    grace_days: Mapped[Count | None]
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[Words]


class Scan(Base):
    """One scan: its day, its moment, by what it judged and how its outcomes add up."""

    __tablename__ = "scans"
    __table_args__ = ({"sqlite_autoincrement": True},)

    scan_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    as_of: Mapped[Day]
    known_at: Mapped[datetime] = mapped_column(Moment)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[Words]
    landwatch_version: Mapped[Words]
    policies: Mapped[Words]
    counts: Mapped[Words]
    contracts: Mapped[Count]
    base_scan_id: Mapped[int | None] = mapped_column(_ID)
    judged_by: Mapped[Words | None]
    tally: Mapped[Words | None]


class ScanPart(Base):
    """A piece of a scan's outcomes, opaque to the store."""

    __tablename__ = "scan_parts"
    __table_args__ = (
        sa.Index("ix_scan_parts_scan_id", "scan_id", "part_id"),
        {"sqlite_autoincrement": True},
    )

    part_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    scan_id: Mapped[int] = mapped_column(_ID, sa.ForeignKey("scans.scan_id"))
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class ScanWork(Base):
    """A scan that has begun and is not finished: `fingerprint` tells of what."""

    __tablename__ = "scan_works"
    __table_args__ = ({"sqlite_autoincrement": True},)

    work_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    fingerprint: Mapped[Words]
    as_of: Mapped[Day]
    known_at: Mapped[datetime] = mapped_column(Moment)
    pieces: Mapped[Count]
    begun_at: Mapped[datetime] = mapped_column(Moment)
    begun_by: Mapped[Words]


class ScanWorkPiece(Base):
    """A finished piece of an unfinished scan, opaque to the store."""

    __tablename__ = "scan_work_pieces"
    __table_args__ = (
        sa.Index("ix_scan_work_pieces_number", "work_id", "number", unique=True),
        {"sqlite_autoincrement": True},
    )

    piece_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    work_id: Mapped[int] = mapped_column(_ID, sa.ForeignKey("scan_works.work_id"))
    number: Mapped[Count]
    content: Mapped[bytes] = mapped_column(sa.LargeBinary)


class Pruning(Base):
    """A person let the outcomes of a scan go; its day, its law and its counts stay."""

    __tablename__ = "prunings"
    __table_args__ = (
        sa.Index("ix_prunings_scan_id", "scan_id", unique=True),
        {"sqlite_autoincrement": True},
    )

    pruning_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    scan_id: Mapped[int] = mapped_column(_ID, sa.ForeignKey("scans.scan_id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[Words]
    reason: Mapped[Words]


class Sample(Base):
    """Outcomes of a scan drawn by lot for people to check; `design` tells how (JSON)."""

    __tablename__ = "samples"
    __table_args__ = ({"sqlite_autoincrement": True},)

    sample_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    scan_id: Mapped[int] = mapped_column(_ID, sa.ForeignKey("scans.scan_id"))
    seed: Mapped[Count]
    design: Mapped[Words]
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[Words]


class SampleItem(Base):
    """One outcome that was drawn, and the size of the stratum it stands for."""

    __tablename__ = "sample_items"
    __table_args__ = (
        sa.Index("ix_sample_items_sample_id", "sample_id"),
        {"sqlite_autoincrement": True},
    )

    item_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    sample_id: Mapped[int] = mapped_column(_ID, sa.ForeignKey("samples.sample_id"))
    contract_id: Mapped[Words | None]
    zone_id: Mapped[Words | None]
    rule: Mapped[Words]
    status: Mapped[Words]
    reason: Mapped[Words | None]
    stratum: Mapped[Words]
    stratum_size: Mapped[Count]


class Verdict(Base):
    """What a person who checked a drawn outcome says of it; a later verdict stands for an earlier.

    `verdict` is right, wrong or cannot_say; `status` what it should be, `cause` why it was wrong.
    """

    __tablename__ = "verdicts"
    __table_args__ = (
        sa.Index("ix_verdicts_item_id", "item_id"),
        {"sqlite_autoincrement": True},
    )

    verdict_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    item_id: Mapped[int] = mapped_column(_ID, sa.ForeignKey("sample_items.item_id"))
    verdict: Mapped[Words]
    status: Mapped[Words | None]
    cause: Mapped[Words | None]
    note: Mapped[Words]
    checked_on: Mapped[Day | None]
    checked_by: Mapped[Words | None]
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[Words]


class Charge(Base):
    """A person was put in charge of a zone or a division (`assign`), or no longer is (`end`)."""

    __tablename__ = "charges"
    __table_args__ = ({"sqlite_autoincrement": True},)

    act_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    act: Mapped[Words]
    person: Mapped[Words]
    mail: Mapped[Words | None]
    zone_id: Mapped[Words | None]
    division: Mapped[Words | None]
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[Words]


class Edit(Base):
    """How often another program changed or took away rows of a table (see `store.edits`)."""

    __tablename__ = "edits"
    __table_args__ = ({"sqlite_autoincrement": True},)

    edit_id: Mapped[int] = mapped_column(_ID, primary_key=True)
    table_name: Mapped[Words]
    times: Mapped[Count]
    token: Mapped[Words | None]


MODELS: dict[Kind, type[Told]] = {
    Kind.ZONES: Zone,
    Kind.PARCELS: Parcel,
    Kind.CONTRACTS: Contract,
    Kind.PROGRESS: Progress,
    Kind.EVENTS: Event,
}


def table_of_model(model: type[Base] | type[Told]) -> sa.Table:
    """Return the table of a model."""
    table = sa.inspect(model).local_table
    assert isinstance(table, sa.Table)
    return table


def table_of(kind: Kind) -> sa.Table:
    """Return the table that holds the records of a kind."""
    return table_of_model(MODELS[kind])
