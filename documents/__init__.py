"""Letters: frozen facts in, PDF out. Pure: no database, no web, no clock."""
