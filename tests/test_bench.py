"""Benchmarks: what is described can be run, and what runs is described."""

from __future__ import annotations

import re

import pytest

from commands.bench import BENCHMARKS
from config import ROOT

pytestmark = pytest.mark.pure


def test_every_benchmark_has_its_figures_written_down():
    described = re.findall(
        r"^## ([a-z-]+)$", (ROOT / "docs/benchmarks.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(described) == sorted(BENCHMARKS)
