"""演示: two made-up parks, the ledger files a bureau would have of them, and what to do next."""

from landwatch.demo.ledger import DemoLedger, write_ledger

__all__ = ["DemoLedger", "write_ledger"]
