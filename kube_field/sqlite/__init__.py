"""The SQLite driver for both sides: SQLCipher or plain by one library, its settings, version floor and migrations.

Start at `driver.py`. May import domain and errors; never the standard library's sqlite3, which is a different SQLite.
"""
