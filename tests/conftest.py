"""What holds for the tests of every room."""

from __future__ import annotations

import os

from hypothesis import settings

# A busy machine is no bug: examples have no deadline of their own, a test has its timeout. Under
# CI hypothesis takes its own profile, which has none either and repeats the same examples.
if not os.environ.get("CI"):
    settings.register_profile("landwatch", deadline=None)
    settings.load_profile("landwatch")
