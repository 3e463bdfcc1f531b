"""Who may do what on the laptop (handbook 8.3)."""

from __future__ import annotations

import pytest

from kube_field.domain.records import RecordKind, Role
from kube_field.errors import Failure, KubeFieldError
from kube_field.usecases.drafts import begin_draft
from kube_field.usecases.finalise import commit_draft
from kube_field.usecases.groups import add_member, close_membership
from kube_field.usecases.trainings import add_participants, finalise_attendance
from kube_field.usecases.visits import begin_visit
from tests.support.laptop import Laptop
from tests.support.make_records import make_unit, record_visit, register_person

FIELD = [Role.PENDAMPING, Role.TKSK, Role.PSM, Role.PEKERJA_SOSIAL, Role.PENYELIA_KAB]


@pytest.mark.parametrize("role", [Role.PIMPINAN, Role.ADMIN_PROV])
def test_leaders_and_the_province_do_not_record_in_the_field(laptop: Laptop, role: Role):
    unit = make_unit(laptop.session, register_person(laptop.session))
    draft = begin_visit(laptop.session, unit_uid=unit.uid)
    other = laptop.as_role(role)
    attempts = [
        lambda: begin_visit(other, unit_uid=unit.uid),
        lambda: begin_draft(other, kind=RecordKind.PERSON),
        lambda: commit_draft(other, draft_uid=draft.uid),
        lambda: add_member(other, group_uid="g", person_uid="p"),
        lambda: close_membership(other, uid="m", left_on="2026-11-20", reason="pindah"),
        lambda: add_participants(other, event_uid="e", person_uids=["p"]),
        lambda: finalise_attendance(other, event_uid="e", session_no=1),
    ]
    for attempt in attempts:
        with pytest.raises(KubeFieldError) as refused:
            attempt()
        assert refused.value.failure == Failure.NOT_ALLOWED
        assert refused.value.action


@pytest.mark.parametrize("role", FIELD)
def test_every_role_of_the_field_finalises_a_visit(laptop: Laptop, role: Role):
    unit = make_unit(laptop.session, register_person(laptop.session))
    fact = record_visit(laptop.as_role(role, "Petugas Lain"), unit.uid)
    assert fact.author_name == "Petugas Lain"


@pytest.mark.parametrize("kind", [RecordKind.PROGRAM_BATCH, RecordKind.STAFF])
def test_batches_and_staff_belong_to_the_province(laptop: Laptop, kind: RecordKind):
    for role in FIELD:
        with pytest.raises(KubeFieldError) as refused:
            begin_draft(laptop.as_role(role), kind=kind)
        assert refused.value.failure == Failure.NOT_ALLOWED
    assert begin_draft(laptop.as_role(Role.ADMIN_PROV), kind=kind).kind == kind
