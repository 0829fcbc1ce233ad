"""The store: every row as told, by day and by moment; adoptions; scans. GeoPackage or PostGIS."""

from landwatch.store.charges import Charge, ChargeAct
from landwatch.store.mirror import MirroredRows
from landwatch.store.opening import create_store, open_store
from landwatch.store.receipts import (
    EVERYWHERE,
    Adoption,
    Brought,
    ImportReceipt,
    LawbookAct,
    PolicyText,
    Reach,
    RecordAct,
    ScanSummary,
    Scope,
    SourcePlace,
    WithdrawnImport,
)
from landwatch.store.rhythms import Expected, RhythmAct
from landwatch.store.store import Store
from landwatch.store.works import UnfinishedScan

__all__ = [
    "EVERYWHERE", "Adoption", "Brought", "Charge", "ChargeAct", "Expected", "ImportReceipt",
    "LawbookAct", "MirroredRows", "PolicyText", "Reach", "RecordAct", "RhythmAct", "ScanSummary",
    "Scope", "SourcePlace", "Store", "UnfinishedScan", "WithdrawnImport", "create_store",
    "open_store",
]  # fmt: skip
