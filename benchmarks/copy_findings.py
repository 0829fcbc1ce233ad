"""What a scan of a store finds, told as a hash: two stores that hold the same find the same.

`python -m benchmarks.copy_findings STORE` scans a store, keeps the scan, and prints as JSON how
many outcomes it has and the SHA-256 of all of them as a CSV without the scan's number.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

from benchmarks.scan_stages import AS_OF, Found
from benchmarks.scan_store import digest_of, scanned
from landwatch.bootstrap import the_store


def found_in(url: str) -> Found:
    """Scan a store and return what its outcomes come to."""
    _, number = scanned(url, AS_OF, whole=True)
    kept = the_store(url).scan(number)
    assert kept is not None  # just kept
    counts = Counter[str]()
    for of_rule in kept.counts.values():
        counts.update(of_rule)
    return {
        "as_of": AS_OF.isoformat(),
        "rules": len(kept.counts),
        "outcomes": counts.total(),
        "counts": dict(counts),
        "sha256": digest_of(url, number),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(found_in(sys.argv[1])) + "\n")
