"""`kube-field-server` as it is, with the measured form in its catalogue."""

from __future__ import annotations

import sys

from kube_field.server.cli import main
from tests.bench.peers.visit_form import know_measured_visits

if __name__ == "__main__":
    know_measured_visits()
    sys.exit(main())
