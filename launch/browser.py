"""Whether the browser tests can run: Chromium is the one thing that no wheel brings."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = """\
********************************************************************************
*  NO CHROMIUM: the browser tests will be SKIPPED.                             *
*  Install Debian's `chromium`, or set CHROMIUM to the path of one.            *
********************************************************************************"""


def chromium() -> str | None:
    """The path of a Chromium: CHROMIUM, else the first on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


def report() -> int:
    print(f"Browser tests use {found}." if (found := chromium()) else MISSING)
    return 0
