"""One function per thing an officer does, against the Protocols in `ports.py`.

Start at `session.py` (what every use case is given) and `views.py` (what they answer).
"""
