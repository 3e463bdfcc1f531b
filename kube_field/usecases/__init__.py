"""One function per thing an officer does. May import storage, sync, reports, exchange through the Protocols in `ports.py`.

Start at `session.py` (what every use case is given) and `views.py` (what they answer).
"""
