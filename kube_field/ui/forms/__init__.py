"""How a declared form becomes a screen: one editor for each kind of question, rows, sections, the three panes.

Start with `form_view.py`; `editors.py` says which editor serves which kind. Nothing here knows a use case.
"""
