"""The program: a command when one is given, the window otherwise."""

from kube_field.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
