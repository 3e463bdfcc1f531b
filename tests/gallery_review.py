"""Pictures of a document on its way between officer and supervisor, on a laptop of its own."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from kube_field.domain.records import Role
from kube_field.ui.pages.document_page import DocumentPage
from kube_field.ui.tasks import ImmediateTaskRunner
from kube_field.ui.workplace import Workplace
from kube_field.usecases.finalise import correct_document
from kube_field.usecases.reviews import review_document
from kube_field.usecases.sample_data import LoadedSample
from tests.support.laptop import Laptop

SENT = "UPDATE outbox SET state = 'acked', status = 'applied', receipt_sha256 = sha256, receipt_at = ?"
NOTES = {
    "revenue_idr": "Buku kas menyebut Rp23.900.000, mohon dicocokkan dengan ketua.",
    "days_open": "Apakah termasuk hari pasar?",
}


def review_pictures(laptop: Laptop, sample: LoadedSample, link: object) -> Iterator[tuple[str, QWidget]]:
    """The supervisor's first page and desk, and what the officer gets back."""
    laptop.store.db.execute_sql(SENT, ("2026-11-20T02:22:00.000Z",))
    laptop.store.db.execute_sql("UPDATE blob SET state = 'stored'")
    sari = laptop.as_role(Role.PENYELIA_KAB, "Sari Contoh")
    visit = sample.visits["K05"]
    desk = Workplace(sari, ImmediateTaskRunner(), link)  # type: ignore[arg-type]
    desk.start()
    yield "20-beranda-penyelia", desk.window
    desk.navigate.open_document(visit)
    yield "20-periksa", desk.window
    page = desk.window.page("document")
    assert isinstance(page, DocumentPage)
    for answer in page.answers._answers:
        if answer.code in NOTES:
            answer.write.click()
            answer.edit.setText(NOTES[answer.code])
    page._decide["returned"].click()
    yield "20-periksa-kembalikan", desk.window
    review_document(sari, uid=visit, decision="returned", reason="Omzet belum cocok dengan buku kas.", notes=NOTES)
    desk.stop()
    desk.window.close()
    work = Workplace(laptop.session, ImmediateTaskRunner(), link)  # type: ignore[arg-type]
    work.start()
    yield "21-beranda-dikembalikan", work.window
    work.navigate.open_document(visit)
    yield "21-dokumen-dikembalikan", work.window
    draft = correct_document(laptop.session, uid=visit, reason="Diperbaiki sesuai catatan penyelia")
    work.navigate.open_draft(draft.uid)
    form = work.window.page("form").form_view  # type: ignore[attr-defined]
    form.open_question("revenue_idr")
    yield "21-perbaiki", work.window
    work.stop()
    work.window.close()
