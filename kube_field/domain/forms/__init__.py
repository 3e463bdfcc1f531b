"""Every form of the programme, declared once: code, label, kind, rule, help, choices.

Start at `declaration.py` (the vocabulary), then `evaluation.py` (what a declaration says about answers),
then one module per form; `catalogue.py` finds a form by kind and version.
"""
