"""Lists pasted from Excel into groups and attendance: matched by NIK, never silently, and taken back in one go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kube_field.domain.forms.declaration import Severity
from kube_field.domain.records import RecordKind
from kube_field.errors import KubeFieldError
from kube_field.exchange.pasted import MOST_ROWS, PastedColumn, read_pasted
from kube_field.usecases.groups import Newcomer, add_members, take_back_members
from kube_field.usecases.pasting import Fate, PastedLine, pasted_members, pasted_participants, with_pasted
from kube_field.usecases.trainings import (
    add_participants,
    attendance_sheet,
    finalise_attendance,
    invited_uids,
    save_attendance,
    take_back_invitations,
)
from tests.support.laptop import Laptop
from tests.support.make_records import make_group, make_training, nik_of, register_household, register_person


def nobody(_niks: Any) -> int:
    return 0


def read(text: str) -> list[dict[str, str]]:
    return [{str(column): value for column, value in row.texts.items()} for row in read_pasted(text, nobody)]


# Columns


def test_columns_are_told_by_their_headings_in_any_order():
    text = "No\tNama Lengkap\tNo. KK\tNIK\tJabatan\tKet\r\n1\tAni\t6402121204139801\t6402124806689901\tKetua\tbaru\r\n"
    assert read(text) == [
        {
            "name": "Ani",
            "kk_number": "6402121204139801",
            "nik": "6402124806689901",
            "role": "Ketua",
            "note": "baru",
        }
    ]


def test_columns_without_headings_are_told_by_what_stands_in_them():
    text = (
        "1\tAni Contoh\tP\t6402124806689901\t0812 0000 0001\tH\n2\tBudi Contoh\tL\t6402120806689902\t081200000002\tS\n"
    )
    first, second = read(text)
    assert first == {
        "name": "Ani Contoh",
        "sex": "P",
        "nik": "6402124806689901",
        "phone": "0812 0000 0001",
        "status": "H",
    }
    assert second["status"] == "S"


def test_of_two_columns_of_sixteen_digits_the_one_of_registered_people_is_nik():
    text = "6402121204139801\t6402120806689901\tAni\n6402121204139802\t6402120906689902\tAna\n"
    rows = read_pasted(text, lambda niks: int("6402120806689901" in niks))
    assert [row.nik for row in rows] == ["6402120806689901", "6402120906689902"]
    women = "6402121204139801\t6402124806689901\tAni\n"
    assert read_pasted(women, nobody)[0].nik == "6402124806689901"


def test_a_cell_of_excel_with_a_line_end_or_quotes_is_one_cell():
    (row,) = read('NIK\tNama\n6402124806689901\t"Ani ""Melati""\nContoh"\n')
    assert row == {"nik": "6402124806689901", "name": 'Ani "Melati" Contoh'}


def test_a_nik_in_groups_is_read_and_one_that_excel_cut_is_known():
    first, second = read_pasted("NIK\tNama\n6402 1248 0668 9901\tAni\n6,40212E+15\tAna\n", nobody)
    assert first.nik == "6402124806689901"
    assert not first.is_cut_number
    assert second.is_cut_number


@pytest.mark.parametrize("text", ["", "\n\t\n", "12\t15\n3\t4\n"])
def test_what_is_no_list_of_people_is_refused(text: str):
    with pytest.raises(KubeFieldError) as refused:
        read_pasted(text, nobody)
    assert refused.value.code == "PASTE"


def test_a_long_list_is_sent_to_the_import():
    with pytest.raises(KubeFieldError, match="Pakai impor"):
        read_pasted("Ani\n" * (MOST_ROWS + 1), nobody)


def test_whatever_is_pasted_is_read_or_refused():
    for text in ("\x00", '"', '"a\t', "a" * 200_000, "\u2028\t\u2029", "=1+1\t6402124806689901"):
        try:
            rows = read_pasted(text, nobody)
        except KubeFieldError:
            continue
        assert all(set(row.texts) <= set(PastedColumn) for row in rows)


# Members


def lines_of(laptop: Laptop, group_uid: str, text: str) -> tuple[PastedLine, ...]:
    return pasted_members(laptop.session, group_uid=group_uid, text=text)


@pytest.fixture
def people(laptop: Laptop) -> list[Any]:
    family = register_household(laptop.session)
    return [register_person(laptop.session, n, household=family) for n in (1, 2, 3)]


def test_members_are_matched_by_nik(laptop: Laptop, people: list[Any]):
    group = make_group(laptop.session)
    first, second, _third = people
    text = (
        f"NIK\tNama\tJabatan\tMasuk\n{nik_of(1)}\t\tKetua\t01/03/2026\n{nik_of(2)}\t{second.answers['full_name']}\t\t\n"
    )
    lines = lines_of(laptop, group.uid, text)
    assert [(line.fate, line.person_uid, line.is_sure) for line in lines] == [
        (Fate.TAKE, first.uid, True),
        (Fate.TAKE, second.uid, True),
    ]
    assert lines[0].told == {"role": "ketua", "joined_on": "2026-03-01"}
    assert lines[1].told == {}
    assert lines[0].name == first.answers["full_name"]


def test_nobody_is_taken_by_the_name_alone_or_under_another_name(laptop: Laptop, people: list[Any]):
    group = make_group(laptop.session)
    name = people[0].answers["full_name"]
    text = f"Nama\tNIK\n{name}\t\nOrang Lain Sekali\t{nik_of(2)}\n"
    by_name, other = lines_of(laptop, group.uid, text)
    assert (by_name.fate, by_name.person_uid) == (Fate.LEAVE, "")
    assert people[0].uid in [person.uid for person in by_name.candidates]
    assert (other.fate, other.person_uid) == (Fate.LEAVE, "")
    assert [person.uid for person in other.candidates] == [people[1].uid]
    assert people[1].answers["full_name"] in other.words


def test_wrong_cut_and_unknown_numbers_say_what_is_wrong_in_their_row(laptop: Laptop, people: list[Any]):
    group = make_group(laptop.session)
    name = people[0].answers["full_name"]
    text = f"NIK\tNama\n640212480668990\t{name}\n6,40212E+15\tX\n64021248O6689901\tY\n{nik_of(9)}\tZed Tak Dikenal\n"
    short, cut, impossible, unknown = lines_of(laptop, group.uid, text)
    assert "16" in short.words
    assert people[0].uid in [person.uid for person in short.candidates]
    assert "Teks" in cut.words
    assert impossible.severity == Severity.GALAT
    assert "belum terdaftar" in unknown.words
    assert {line.fate for line in (short, cut, impossible, unknown)} == {Fate.LEAVE}
    assert not unknown.may_walk_in


def test_who_is_a_member_already_or_stands_twice_is_left_out(laptop: Laptop, people: list[Any]):
    group = make_group(laptop.session)
    add_members(laptop.session, group_uid=group.uid, newcomers=(Newcomer(people[0].uid),))
    text = f"NIK\n{nik_of(1)}\n{nik_of(2)}\n{nik_of(2)}\n"
    member, first, again = lines_of(laptop, group.uid, text)
    assert (member.fate, member.words) == (Fate.LEAVE, "Sudah anggota kelompok ini.")
    assert first.fate == Fate.TAKE
    assert (again.fate, again.words) == (Fate.LEAVE, "Orang yang sama dengan baris 3.")


def test_all_pasted_members_come_in_one_transaction_and_go_in_one(laptop: Laptop, people: list[Any]):
    group = make_group(laptop.session)
    newcomers = [Newcomer(one.uid, role) for one, role in zip(people, ("ketua", "sekretaris", "anggota"), strict=True)]
    made = add_members(laptop.session, group_uid=group.uid, newcomers=newcomers)
    assert [row.role for row in laptop.store.listings.members(group.uid)] == ["ketua", "sekretaris", "anggota"]
    take_back_members(laptop.session, uids=[one.uid for one in made])
    assert laptop.store.listings.members(group.uid) == []


def test_one_who_may_not_come_in_keeps_all_out_and_is_named(laptop: Laptop, people: list[Any]):
    other, group = make_group(laptop.session, name="KUBE Lain"), make_group(laptop.session)
    add_members(laptop.session, group_uid=other.uid, newcomers=(Newcomer(people[0].uid),))
    with pytest.raises(KubeFieldError) as refused:
        add_members(laptop.session, group_uid=group.uid, newcomers=[Newcomer(one.uid) for one in people])
    assert people[0].answers["full_name"] in refused.value.details[0]["message"]
    assert laptop.store.listings.members(group.uid) == []


# Attendance


def test_participants_are_matched_and_the_unknown_are_walk_ins(laptop: Laptop, people: list[Any]):
    text = (
        f"NIK\tNama\tL/P\tDesa\tNo HP\tKehadiran\n{nik_of(1)}\t\t\t\t\tI\n"
        "\tZainab Tak Dikenal\tP\tLong Lalang\t081200000009\tH\n"
    )
    known, unknown = pasted_participants(laptop.session, text=text)
    assert (known.fate, known.person_uid, known.told["status"]) == (Fate.TAKE, people[0].uid, "izin")
    assert (unknown.fate, unknown.may_walk_in) == (Fate.WALK_IN, True)
    told = unknown.told["walk_in"]
    assert (told["name"], told["sex"], told["phone"]) == ("Zainab Tak Dikenal", "P", "+6281200000009")
    assert told["village"].startswith("64.02.")


def test_a_name_like_a_registered_one_is_asked_about(laptop: Laptop, people: list[Any]):
    (line,) = pasted_participants(laptop.session, text=f"Nama\n{people[0].answers['full_name']}\n")
    assert (line.fate, line.may_walk_in) == (Fate.LEAVE, True)
    assert line.candidates


def test_a_pasted_list_fills_the_grid_and_is_finalised(laptop: Laptop, people: list[Any]):
    event = make_training(laptop.session, people[:1])
    sheet = attendance_sheet(laptop.session, event_uid=event.uid, session_no=1)
    village = people[0].answers and "Long Lalang"
    text = (
        f"NIK\tNama\tJK\tDesa\tHadir\tTranspor\n{nik_of(1)}\t\t\t\tSakit\t\n{nik_of(2)}\t\t\t\tHadir\t50.000\n"
        f"\tZainab Tak Dikenal\tP\t{village}\tHadir\t\n{nik_of(8)}\tYuli Tak Dikenal\tP\t{village}\t\t\n"
    )
    lines = pasted_participants(laptop.session, text=text, listed=[people[0].uid])
    cells = with_pasted(laptop.session, sheet.cells, lines)
    assert [(cell.person_uid, cell.status) for cell in cells] == [
        (people[0].uid, "sakit"),
        (people[1].uid, "hadir"),
        ("", "hadir"),
        ("", "hadir"),
    ]
    assert cells[1].transport_allowance_idr == 50_000
    assert cells[3].walk_in["nik"] == nik_of(8)
    save_attendance(laptop.session, sheet=replace(sheet, cells=cells))
    assert len(finalise_attendance(laptop.session, event_uid=event.uid, session_no=1, reason="sudah dicek")) == 4


def test_lines_that_are_left_change_nothing(laptop: Laptop, people: list[Any]):
    event = make_training(laptop.session, people)
    sheet = attendance_sheet(laptop.session, event_uid=event.uid, session_no=1)
    lines = pasted_participants(laptop.session, text=f"NIK\tHadir\n{nik_of(1)}\tH\n", listed=[people[0].uid])
    left = [replace(line, fate=Fate.LEAVE) for line in lines]
    assert with_pasted(laptop.session, sheet.cells, left) == sheet.cells


def test_invitations_of_a_paste_are_taken_back(laptop: Laptop, people: list[Any]):
    event = make_training(laptop.session, people[:1])
    add_participants(laptop.session, event_uid=event.uid, person_uids=[one.uid for one in people])
    back = take_back_invitations(laptop.session, event_uid=event.uid, person_uids=[one.uid for one in people[1:]])
    assert invited_uids(back) == {people[0].uid}
    stored = laptop.store.records.get(event.uid)
    assert stored is not None
    assert stored.kind == RecordKind.TRAINING_EVENT
    assert invited_uids(stored) == {people[0].uid}
    assert take_back_invitations(laptop.session, event_uid=event.uid, person_uids=["tak ada"]) == stored
