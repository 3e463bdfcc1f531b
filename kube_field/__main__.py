"""The program: a command when one is given, the window otherwise."""

import sys

from kube_field import cli


def main() -> int:
    """Run the program; its exit code.

    Only the server speaks PostgreSQL: without its driver, which peewee would load where it finds one, every command
    starts a quarter sooner.
    """
    sys.modules.setdefault("psycopg", None)  # type: ignore[arg-type]
    return cli.main()


if __name__ == "__main__":
    raise SystemExit(main())
