"""The server's database: tables, migrations, and one repository per noun that cannot be asked without a Scope.

Start at `tables.py`, then `records.py`. The only home of SQL on the server.
"""
