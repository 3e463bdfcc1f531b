"""Sends what waits and takes over what is new, one network call per step; knows neither HTTP nor SQL.

Start at `ports.py` (what it needs), then `engine.py`. May import wire, domain and errors.
"""
