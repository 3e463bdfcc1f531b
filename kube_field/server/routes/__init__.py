"""One module per group of addresses; a handler gets a Call and returns a message or raises a Refusal.

Start at `../endpoint.py`; `../app.py` lists the addresses.
"""
