"""Reasoning: lifecycle tables, statutory clocks, eligibility, sanctions, permissions. Pure functions, no web, no SQL, no clock."""
