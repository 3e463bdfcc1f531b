"""Images for both sides: what is accepted, and the one form in which a photo is kept. Start at `images.py`."""
