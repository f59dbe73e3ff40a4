"""Many letters as one print file, each beginning on a page of its own. A copy for the printer: no letter of its own."""

from __future__ import annotations

KEY = "bundle"
MOST = 25  # letters of one file: what the press prints within its time
