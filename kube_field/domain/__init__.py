"""The programme's words and rules: pure, standard library only, no clock and no I/O.

May import `kube_field.errors` and nothing else of ours. Start at `records.py` (what is stored), then `forms/`
(how it is asked), then the rules that judge (`schedule.py`, later recommendation and score).
"""
