"""Widgets that every page uses: cards, chips, buttons, tables, notices; they know theme and icons, no storage."""
