"""What laptop and server say to each other: canonical content, hashes, messages, refusals, chain and scope sum.

May import the low rooms, `domain` and `errors`. Start at `canonical.py`, then `messages.py`.
"""
