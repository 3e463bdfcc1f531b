"""A report is judged without a network: genuine, altered on paper, in the code or in the record, replaced, unknown."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import segno
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kube_field.domain.records import Fact, RecordKind
from kube_field.errors import Failure, KubeFieldError
from kube_field.media.codes import read_paper
from kube_field.storage.spoken_words import put_word
from kube_field.usecases.finalise import commit_draft, correct_document, reopen_document
from kube_field.usecases.papers import document_paper
from kube_field.usecases.sync import sync_store
from kube_field.usecases.verifying import Verdict, Verified, find_by_number, is_ours, judge_paper, verify_code
from kube_field.wire.seal import read_seal, seal_text
from kube_field.wire.server_words import ServerKind
from tests.support.laptop import Laptop, make_laptop
from tests.support.make_picture import make_picture
from tests.support.make_records import REASON, commit_saved, make_unit, record_visit
from tests.support.make_reviews import reviewed
from tests.support.make_seals import PRIVATE, code_of, seal_for
from tests.support.tampering import edited_pdf, jpeg_of, picture_of, scanned, with_code


@pytest.fixture
def visit(laptop: Laptop) -> Fact:
    laptop.clock.set_day("2026-11-23")
    return record_visit(laptop.session, make_unit(laptop.session, handover_on="2026-10-20").uid)


def paper_of(laptop: Laptop, fact: Fact) -> bytes:
    return document_paper(laptop.session, uid=fact.uid)


def judged(laptop: Laptop, content: bytes) -> Verified:
    return judge_paper(laptop.session, read_paper(content, is_ours))


def stranger(tmp_path: Path, *, knows: Laptop | None = None, **word: str) -> Laptop:
    """A laptop of another kabupaten, which may have been told of the signer's key."""
    other = make_laptop(tmp_path, "Budi", ("64.74.01",), "L02")
    if knows is not None:
        key = sync_store(knows.store).courier.keys().public()[0]
        told = {"device": "d", "code": "L07", "key": key, "holder": "Rina", **word}
        with other.store.transaction():
            put_word(other.store, "lk:d:1", ServerKind.LAPTOP, told)
    return other


def test_an_untouched_pdf_is_the_record_that_is_here(laptop: Laptop, visit: Fact):
    found = judged(laptop, paper_of(laptop, visit))
    assert found.verdict == Verdict.GENUINE_HERE
    assert (found.record, found.matches, found.words_read) == (visit, True, True)
    assert found.signer is not None
    assert found.signer.is_ours
    assert [one.found for one in found.compared] == [one.found for one in found.compared if one.found]


def test_a_photographed_page_is_genuine_without_its_words(laptop: Laptop, visit: Fact):
    found = judged(laptop, jpeg_of(picture_of(paper_of(laptop, visit))))
    assert (found.verdict, found.words_read) == (Verdict.GENUINE_HERE, False)


def test_a_colleague_elsewhere_verifies_with_the_key_that_the_server_told(tmp_path: Path, laptop: Laptop, visit: Fact):
    with stranger(tmp_path, knows=laptop) as other:
        found = judged(other, paper_of(laptop, visit))
    assert found.verdict == Verdict.GENUINE
    assert (found.record, found.signer and found.signer.holder) == (None, "Rina")


def test_without_the_key_nothing_is_said_for_or_against_it(tmp_path: Path, laptop: Laptop, visit: Fact):
    with stranger(tmp_path) as other:
        found = judged(other, paper_of(laptop, visit))
    assert (found.verdict, found.signer) == (Verdict.UNKNOWN_KEY, None)
    assert found.seal is not None
    assert found.seal.number == visit.number


def test_a_revoked_laptop_is_told_where_the_record_is_not_here(tmp_path: Path, laptop: Laptop, visit: Fact):
    with stranger(tmp_path, knows=laptop, revoked_at="2026-12-01T00:00:00.000Z") as other:
        assert judged(other, paper_of(laptop, visit)).verdict == Verdict.REVOKED


@pytest.mark.parametrize("line", ["Omzet", "Laba (Rugi)", "Modal kerja", "Nilai"])
def test_a_figure_altered_in_the_pdf_is_named(tmp_path: Path, laptop: Laptop, visit: Fact, line: str):
    coded = next(one.coded for one in judged(laptop, paper_of(laptop, visit)).compared if one.name == line)
    new = "99" if line == "Nilai" else "9.999.999"
    old = f"Nilai {coded} dari" if line == "Nilai" else coded
    altered = edited_pdf(paper_of(laptop, visit), old, old.replace(coded, new))
    with stranger(tmp_path, knows=laptop) as other:
        for place in (laptop, other):
            found = judged(place, altered)
            assert found.verdict == Verdict.PAPER_DIFFERS
            (one,) = [one for one in found.compared if one.differs]
            assert (one.name, one.coded, one.found) == (line, coded, new)


def test_a_word_altered_anywhere_is_told_where_the_record_is_here(laptop: Laptop, visit: Fact):
    altered = edited_pdf(paper_of(laptop, visit), "Berjalan", "Berhenti")
    found = judged(laptop, altered)
    assert found.verdict == Verdict.PAPER_DIFFERS
    assert not any(one.differs for one in found.compared)
    assert any("Berhenti" in line for line in found.added)
    assert any("Berjalan" in line for line in found.missing)


def test_a_code_put_on_another_paper_is_found_by_what_the_paper_says(laptop: Laptop, visit: Fact):
    laptop.clock.advance(days=30)
    later = record_visit(laptop.session, visit.subject_uid, "2026-12-20", revenue_idr=9_000_000)
    altered = with_code(paper_of(laptop, later), code_of(visit))
    found = judged(laptop, altered)
    assert found.verdict == Verdict.PAPER_DIFFERS
    assert {"Nomor", "Tanggal", "Omzet"} <= {one.name for one in found.compared if one.differs}


def test_an_altered_code_has_no_signature(laptop: Laptop, visit: Fact):
    seal = read_seal(code_of(visit))
    forged = replace(seal, figures=replace(seal.figures, revenue_idr=99_000_000))
    assert verify_code(laptop.session, text=seal_text(forged)).verdict == Verdict.WRONG_SIGNATURE
    assert verify_code(laptop.session, text=seal_text(forged.signed(PRIVATE))).verdict == Verdict.WRONG_SIGNATURE


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_no_flipped_letter_of_the_code_is_genuine(laptop: Laptop, data: st.DataObject):
    known = laptop.store.facts.of_kind(RecordKind.VISIT)
    fact = known[0] if known else record_visit(laptop.session, make_unit(laptop.session).uid)
    code = code_of(fact)
    at = data.draw(st.integers(0, len(code) - 2))
    letter = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").filter(lambda one: one != code[at]))
    verdict = verify_code(laptop.session, text=code[:at] + letter + code[at + 1 :]).verdict
    assert verdict in (Verdict.NO_CODE, Verdict.UNKNOWN_KEY, Verdict.WRONG_SIGNATURE)


def test_an_altered_record_is_named_figure_by_figure(laptop: Laptop, visit: Fact):
    paper = jpeg_of(picture_of(paper_of(laptop, visit)))
    laptop.store.db.execute_sql(
        "UPDATE fact SET answers = json_set(answers, '$.revenue_idr', 1) WHERE uid = ?", (visit.uid,)
    )
    found = judged(laptop, paper)
    assert found.verdict == Verdict.RECORD_DIFFERS
    different = {one.name: (one.coded, one.recorded) for one in found.compared if one.coded != one.recorded}
    assert different.keys() == {"Omzet", "Laba (Rugi)"}
    assert different["Omzet"][1] == "1"


def test_a_report_with_a_later_revision_is_replaced(laptop: Laptop, visit: Fact):
    paper = paper_of(laptop, visit)
    draft = correct_document(laptop.session, uid=visit.uid, reason="Omzet salah ketik")
    newest = commit_saved(laptop.session, draft)
    found = judged(laptop, paper)
    assert (found.verdict, found.newest) == (Verdict.REPLACED, newest)
    assert judged(laptop, paper_of(laptop, newest)).verdict == Verdict.GENUINE_HERE


def test_a_report_that_was_opened_again_is_replaced_by_its_new_number(laptop: Laptop, visit: Fact):
    paper = paper_of(laptop, visit)
    draft = reopen_document(laptop.session, uid=visit.uid, reason="Salah ketik omzet")
    assert judged(laptop, paper).verdict == Verdict.GENUINE
    again = commit_draft(laptop.session, draft_uid=draft.uid, confirmed=dict.fromkeys(visit.confirmed, REASON))
    found = judged(laptop, paper)
    assert isinstance(again, Fact)
    assert (found.verdict, found.newest) == (Verdict.REPLACED, again)
    assert again.number != visit.number


def test_a_code_of_the_old_kind_tells_only_whether_the_record_is_here(laptop: Laptop, visit: Fact):
    def asked(text: str) -> Verified:
        return judged(laptop, png_of(text))

    here = asked(f"{visit.uid} {visit.sha256[:16]}")
    assert (here.verdict, here.record, here.matches) == (Verdict.OLD_CODE, visit, True)
    assert not asked(f"{visit.uid} {'0' * 16}").matches
    assert asked(f"019ab3c4-51f0-7c3e-9a41-7f3a91bc52d8 {'0' * 16}").record is None


def png_of(text: str) -> bytes:
    stream = io.BytesIO()
    segno.make(text, error="m", micro=False).save(stream, kind="png", scale=6, border=4)
    return stream.getvalue()


def test_a_picture_without_a_code_and_another_code_say_so(laptop: Laptop):
    assert judged(laptop, make_picture(400, 300)).verdict == Verdict.NO_CODE
    assert judged(laptop, png_of("https://contoh.go.id")).verdict == Verdict.NO_CODE


def test_a_scan_is_compared_by_eye_and_its_guessed_words_blame_nobody(laptop: Laptop, visit: Fact):
    found = judged(laptop, scanned(paper_of(laptop, visit), "Omzet 1.111.111"))
    assert (found.verdict, found.words_read) == (Verdict.GENUINE_HERE, False)


def test_a_void_report_is_told_to_be_void(laptop: Laptop, visit: Fact):
    reviewed(laptop, visit.uid, "void", "Kunjungan tidak terjadi")
    found = judged(laptop, paper_of(laptop, visit))
    assert (found.verdict, found.is_void) == (Verdict.GENUINE_HERE, True)


def test_a_typed_number_finds_the_newest_record(laptop: Laptop, visit: Fact):
    assert find_by_number(laptop.session, number=f" {visit.number.lower()} ") == visit
    with pytest.raises(KubeFieldError) as refused:
        find_by_number(laptop.session, number="400.9/L99-0001/KUNJ/KKR/XI/2026")
    assert refused.value.failure == Failure.VALIDATION


def test_the_signature_is_frozen_so_that_every_reprint_has_it(tmp_path: Path, laptop: Laptop, visit: Fact):
    first = paper_of(laptop, visit)
    laptop.clock.advance(days=400)
    assert paper_of(laptop, visit) == first
    assert len(pdfium.PdfDocument(first)) > 1


def test_a_report_of_a_laptop_without_server_says_so(laptop: Laptop, visit: Fact):
    assert visit.snapshot["seal"]["registered"] is False
    words = pdfium.PdfDocument(paper_of(laptop, visit))
    told = words[len(words) - 1].get_textpage().get_text_range()
    assert "belum tersambung ke server provinsi" in " ".join(told.split())
    assert "bukan tanda tangan elektronik tersertifikasi" in " ".join(told.split())


def test_a_seal_made_with_another_laptops_key_is_wrong(laptop: Laptop, visit: Fact):
    """Who knows every word of a report can still not sign for the laptop."""
    forged = replace(seal_for(visit), key=read_seal(code_of(visit)).key)
    assert verify_code(laptop.session, text=seal_text(forged.signed(PRIVATE))).verdict == Verdict.WRONG_SIGNATURE
