"""The key of the laptop's data: one random key, wrapped for each officer under a password, in a small file of its own.

Start at `vault.py`. `key_file.py` is the format, `passwords.py` the rules, `back_off.py` the waiting after wrong tries.
"""
