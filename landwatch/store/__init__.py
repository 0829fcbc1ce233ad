"""The store: every row as told, by day and by moment; adoptions; scans. GeoPackage or PostGIS."""

from landwatch.store.opening import create_store, open_store
from landwatch.store.receipts import Adoption, ImportReceipt, ScanSummary, SourcePlace
from landwatch.store.store import Store

__all__ = [
    "Adoption",
    "ImportReceipt",
    "ScanSummary",
    "SourcePlace",
    "Store",
    "create_store",
    "open_store",
]
