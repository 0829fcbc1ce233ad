"""演示: made-up parks in three places, the ledger files a bureau would have, what to do next."""

from landwatch.demo.ledger import DemoLedger, write_ledger

__all__ = ["DemoLedger", "write_ledger"]
