"""Reasoning: lifecycles, clocks, eligibility, sanctions, permissions. Pure: no web, no SQL, no clock."""
