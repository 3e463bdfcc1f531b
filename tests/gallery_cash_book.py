"""Pictures of Kas usaha: empty, filled beside a notebook's photo, with everything strange about it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from PIL import Image, ImageDraw
from PySide6.QtWidgets import QWidget

from kube_field.ui.workplace import Workplace
from kube_field.usecases.drafts import save_draft
from kube_field.usecases.photos import add_photo_bytes
from kube_field.usecases.session import Session
from kube_field.usecases.visits import begin_visit
from tests.support.make_answers import complete_visit, make_cash_book

NOTES = (
    "BUKU KAS KUBE - Nopember",
    "21/10 jual   1.000.000   beli 700.000",
    "      rumah     50.000   upah  50.000",
    "28/10 jual   1.100.000   beli 600.000",
    "04/11 jual     900.000   beli 650.000",
    "      rumah     50.000   bensin 50.000",
    "11/11 jual   1.200.000   beli 700.000",
    "18/11 jual     300.000   beli 150.000",
    "sisa kas     1.250.000",
)
STRANGE = {"book_stock_end_idr": 4_000_000, "book_cash_end_idr": 3_000_000}


def notebook_page() -> bytes:
    """A page of a notebook as a camera sees it."""
    page = Image.new("RGB", (900, 1200), "#F4EFE2")
    pen = ImageDraw.Draw(page)
    for line in range(24):
        pen.line((40, 110 + line * 45, 860, 110 + line * 45), fill="#B9C7DD", width=2)
    for at, words in enumerate(NOTES):
        pen.text((60, 68 + at * 90), words, fill="#22345C", font_size=34)
    stream = io.BytesIO()
    page.save(stream, "JPEG", quality=85)
    return stream.getvalue()


def cash_book_pictures(work: Workplace, session: Session, unit_uid: str) -> Iterator[tuple[str, QWidget]]:
    """The finance part with its door, and the book in its states."""
    draft = begin_visit(session, unit_uid=unit_uid)
    period = {"period_from": "2026-10-21", "period_to": "2026-11-19", "visited_on": "2026-11-20"}
    base = {**complete_visit(owner_kind="group"), **draft.answers, **period}
    figures = [code for code in base if code.endswith("_idr")]
    empty = {code: value for code, value in base.items() if code not in (*figures, "book_photo")}
    photo = {**add_photo_bytes(session, raw=notebook_page()), "photo_kind": "buku"}
    full = {**empty, **make_cash_book(), "book_photo": [photo], "revenue_idr": 4_000_000}
    states: dict[str, dict[str, Any]] = {"kosong": empty, "isi": full, "janggal": {**full, **STRANGE}}
    for name, answers in states.items():
        draft = save_draft(session, draft=draft, answers=answers)
        work.navigate.open_draft(draft.uid)
        view = work.window.page("form").form_view
        if name != "janggal":
            view.open_question("cash_book_words")
            yield f"09-kas-pintu-{name}", work.window
        view.open_question("cash_weeks")
        yield f"09-kas-{name}", work.window
        if name != "kosong":
            view._views["K"].show_result()
            yield f"09-kas-{name}-hasil", work.window
