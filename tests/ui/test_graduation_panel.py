"""Who has graduated is not proposed once more."""

from __future__ import annotations

from typing import Any

import pytest

from kube_field.ui.pages.graduation_panel import GraduationPanel
from kube_field.usecases.views import GraduationView


@pytest.mark.parametrize("may", [True, False])
def test_a_proposal_is_offered_only_while_no_decision_holds(qtbot: Any, may: bool):
    panel = GraduationPanel()
    qtbot.addWidget(panel)
    panel.show_graduation(GraduationView("4 dari 5 kriteria", (), may_be_proposed=may), ())
    assert panel.propose.isHidden() is not may
