"""Rules of the handbook, sections 5.4, 6 and 7: pure, versioned, every point explained, no binary floating point."""

RULES_VERSION = "2026.1"
"""Kept with every snapshot; a later version never changes what an earlier one said."""
