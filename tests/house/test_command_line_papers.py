"""`kube-field verify`: a report is judged from the command line, with published exit codes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pypdfium2 as pdfium

from kube_field.domain.records import Fact
from kube_field.usecases.day_plans import sheet_paper
from kube_field.usecases.papers import document_paper
from tests.support.command_line import kube, reopened, set_up
from tests.support.make_picture import make_picture
from tests.support.make_records import make_unit, record_visit
from tests.support.make_seals import code_of
from tests.support.tampering import edited_pdf


def test_a_report_is_judged_from_the_command_line(tmp_path: Path) -> None:
    folder = tmp_path / "laptop"
    set_up(folder)
    with reopened(folder) as laptop:
        visit = record_visit(laptop.session, make_unit(laptop.session).uid, laptop.session.today().isoformat())
        paper = document_paper(laptop.session, uid=visit.uid)
    good, altered, other = (tmp_path / name for name in ("asli.pdf", "diubah.pdf", "lain.jpg"))
    good.write_bytes(paper)
    altered.write_bytes(edited_pdf(paper, rupiah(visit), "99.000.000"))
    other.write_bytes(make_picture(300, 200))
    ran = kube(folder, "verify", str(good))
    assert (ran.code, ran.lines[0]["verdict"], ran.lines[0]["number"]) == (0, "genuine_here", visit.number)
    assert "bukan tanda tangan elektronik tersertifikasi" in ran.err
    ran = kube(folder, "verify", str(altered))
    assert (ran.code, ran.lines[0]["verdict"]) == (6, "paper_differs")
    assert [one["name"] for one in ran.lines[0]["compared"] if one["differs"]] == ["Omzet"]
    assert kube(folder, "verify", "--code", code_of(visit)).code == 0
    assert kube(folder, "verify", "--number", visit.number).lines[0]["id"] == visit.uid
    assert kube(folder, "verify", "--number", "L99-0001").code == 3
    assert kube(folder, "verify", str(other)).code == 13
    assert kube(folder, "verify", str(tmp_path / "tidak-ada.pdf")).code == 13
    assert kube(folder, "verify").code == 2


def test_a_plan_with_its_sheets_is_one_file(tmp_path: Path) -> None:
    folder, out = tmp_path / "laptop", tmp_path / "rencana.pdf"
    set_up(folder)
    assert kube(folder, "plan", "--out", str(out)).code == 3, "nobody is due"
    with reopened(folder) as laptop:
        late = (laptop.session.today() - timedelta(days=100)).isoformat()
        unit = make_unit(laptop.session, handover_on=late)
        sheet = pdfium.PdfDocument(sheet_paper(laptop.session, unit_uid=unit.uid))
    ran = kube(folder, "plan", "--out", str(out))
    assert (ran.code, ran.lines[0]["units"]) == (0, [unit.uid])
    assert len(pdfium.PdfDocument(out)) == 1 + len(sheet)
    assert kube(folder, "plan", "--unit", "nobody", "--out", str(out)).code == 3
    assert kube(folder, "plan", "--out", str(tmp_path / "tidak-ada" / "x.pdf")).code == 7


def rupiah(visit: Fact) -> str:
    return f"{visit.answers['revenue_idr']:,}".replace(",", ".")
