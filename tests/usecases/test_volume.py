"""The invented province for measuring: deterministic, complete, fictional."""

import pytest

from kube_field.domain.dates import age_on
from kube_field.domain.forms.catalogue import form
from kube_field.domain.forms.declaration import Context
from kube_field.domain.forms.evaluation import evaluate
from kube_field.domain.identifiers import check_nik
from kube_field.domain.records import RecordKind
from kube_field.usecases import views
from kube_field.usecases.volume import VolumeCounts, write_volume
from tests.support.laptop import make_laptop


def small_province(tmp_path, name="Rina"):
    laptop = make_laptop(tmp_path, name=name, areas=("64",))
    told = []
    counts = write_volume(laptop.session, people=402, visits=50, on_progress=told.append)
    return laptop, counts, told


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    laptop, counts, told = small_province(tmp_path_factory.mktemp("volume"))
    with laptop:
        yield laptop, counts, told


def test_as_much_is_written_as_was_asked(province):
    laptop, counts, told = province
    assert counts == VolumeCounts(households=101, people=402, groups=2, units=7, visits=50)
    assert laptop.store.listings.count_people(views.PersonFilter()) == 402
    assert len(laptop.store.listings.units()) == 7
    assert told[0] == 500
    assert told == sorted(told)


def test_nothing_waits_to_be_sent(province):
    laptop, _counts, _told = province
    assert laptop.store.queue.rows() == []


def test_niks_are_fictional_unique_and_agree_with_their_people(province):
    laptop, _counts, _told = province
    today = laptop.session.today()
    people = laptop.store.records.where(RecordKind.PERSON)
    assert len({person.answers["nik"] for person in people}) == 402
    for person in people:
        nik = person.answers["nik"]
        assert nik[12:14] == "99"
        born = laptop.session.today().fromisoformat(person.answers["birth_date"])
        checked = check_nik(
            nik, today=today, born=born, sex=person.answers["sex"], regions=laptop.session.reference.regions
        )
        assert checked.verdict == "ok"
        assert 0 <= age_on(born, today) <= 60


def test_a_visit_is_as_complete_as_one_that_was_typed(province):
    laptop, _counts, _told = province
    unit = laptop.store.listings.units()[0]
    fact = laptop.store.facts.of_subject(unit.uid, RecordKind.VISIT)[0]
    context = Context(laptop.session.today(), reference=laptop.session.reference)
    wrong = {finding.question for finding in evaluate(form(RecordKind.VISIT), fact.answers, context).errors}
    assert wrong <= {"signature_staff", "signature_recipient"}


def test_a_seed_gives_the_same_province_again(tmp_path, province):
    again, _counts, _told = small_province(tmp_path)
    with again:
        names = {person.answers["full_name"] for person in again.store.records.where(RecordKind.PERSON)}
    first = {person.answers["full_name"] for person in province[0].store.records.where(RecordKind.PERSON)}
    assert names == first


def test_an_officer_gets_only_villages_of_the_own_area(tmp_path):
    with make_laptop(tmp_path, areas=("64.02.12",)) as laptop:
        write_volume(laptop.session, people=40, visits=8)
        assert {record.scope for record in laptop.store.records.where(RecordKind.PERSON)} == {"64.02.12"}
