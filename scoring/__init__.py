"""Arithmetic: points, credit schemes, explanations. Pure functions; no web, no SQL, no clock."""
