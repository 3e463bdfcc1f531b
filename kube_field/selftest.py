"""The program tries itself: every part once, in a folder that is thrown away, one line for each step."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from gettext import gettext as _
from pathlib import Path

from kube_field import __version__
from kube_field.assembly import OpenLaptop, join_server, open_laptop, set_up_laptop, system_wiring
from kube_field.demo import ADMIN_NAME, DEMO_PASSWORD, DEMO_USER, OFFICE, OFFICER_NAME, session_at, sync
from kube_field.demo_server import DemoServer
from kube_field.domain.recap_tables import Table, TableColumn
from kube_field.domain.records import PROVINCE_SCOPE, Officer, RecordKind, Role
from kube_field.errors import BUG_EXIT_CODE, BugError, Failure, KubeFieldError
from kube_field.exchange.incoming_columns import ImportType
from kube_field.exchange.sheets import xlsx_of
from kube_field.logs import places_of
from kube_field.paths import AppPaths
from kube_field.program import damaged_files, program_folder, read_sums
from kube_field.reports.preview import page_images
from kube_field.storage.condition import database_info, troubles
from kube_field.storage.vault.argon import FLOOR
from kube_field.usecases.import_columns import read_list
from kube_field.usecases.import_results import Decisions, ImportRequest
from kube_field.usecases.import_writing import write_import
from kube_field.usecases.importing import Importer
from kube_field.usecases.papers import document_paper
from kube_field.usecases.people import the_record
from kube_field.usecases.queue import pill
from kube_field.usecases.sample_data import SAMPLE_AREAS, LoadedSample, load_sample
from kube_field.usecases.verifying import GOOD, verify_file

PAGE_PX = 600
OTHER_PLACE = "Tenggarong Seberang"
PLAIN_DATABASE = b"SQLite format 3"
Step = Callable[["Trial"], str]


@dataclass(slots=True)
class Trial:
    """What the steps hand on to each other."""

    folder: Path
    laptop: OpenLaptop | None = None
    server: DemoServer | None = None
    made: LoadedSample = field(default_factory=LoadedSample)

    def opened(self) -> OpenLaptop:
        """The laptop of the trial. Raises: BugError before it was set up."""
        if self.laptop is None:
            raise BugError("the laptop of the trial is not open")
        return self.laptop

    def end(self) -> None:
        """Close the laptop and end the server."""
        if self.laptop is not None:
            self.laptop.close()
        if self.server is not None:
            self.server.stop()


def run_selftest(folder: Path | None = None) -> int:
    """Try every part and print how it went; `folder` is where the trial lies, else a temporary one. Returns 0 or 70."""
    print(_("KUBE Lapangan {version} di {system}").format(version=__version__, system=platform.platform()))
    if folder is not None and not folder.is_dir():
        raise KubeFieldError(Failure.USAGE, _("Folder tidak ada: {folder}.").format(folder=folder))
    with tempfile.TemporaryDirectory(prefix="kube-field-uji-", dir=folder, ignore_cleanup_errors=True) as place:
        trial = Trial(Path(place))
        try:
            is_good = all(_tried(name, step, trial) for name, step in _steps())
        finally:
            trial.end()
    print(_("Semua bagian bekerja.") if is_good else _("Ada bagian yang tidak bekerja."))
    return 0 if is_good else BUG_EXIT_CODE


def _tried(name: str, step: Step, trial: Trial) -> bool:
    """One step and its line; a failure names places in the program, never data."""
    try:
        told = step(trial)
    except KubeFieldError as failure:
        print(f"GAGAL  {name}: {failure}", flush=True)
        return False
    except Exception:  # noqa: BLE001 - whatever is wrong with a part is what this is for
        kind, error, trace = sys.exc_info()
        reason = f"{error} · " if isinstance(error, BugError | ImportError) else ""
        place = places_of(kind, trace) if kind is not None else ""
        print(f"GAGAL  {name}: {reason}{place}", flush=True)
        return False
    print(f"baik   {name}: {told}", flush=True)
    return True


def _steps() -> tuple[tuple[str, Step], ...]:
    return (
        (_("Berkas program"), _try_files),
        (_("Jendela"), _try_window),
        (_("Simpanan terenkripsi"), _try_store),
        (_("Server di komputer ini"), _try_server),
        (_("Data contoh"), _try_sample),
        (_("Laporan kunjungan"), _try_paper),
        (_("Lembar kerja"), _try_sheet),
        (_("Sinkronisasi"), _try_sync),
    )


def _try_files(_trial: Trial) -> str:
    folder = program_folder()
    if folder is None:
        return _("dijalankan dari sumber, tidak ada daftar berkas")
    damaged = damaged_files(folder)
    if damaged or not read_sums(folder):
        raise BugError(", ".join(damaged[:3]) or "SHA256SUMS")
    return _("{count} berkas utuh").format(count=len(read_sums(folder)))


def _try_window(_trial: Trial) -> str:
    from kube_field.ui.self_check import check_window

    return check_window()


def _try_store(trial: Trial) -> str:
    wiring = system_wiring()
    paths = AppPaths(trial.folder / "laptop")
    officer = Officer(wiring.new_id(), OFFICER_NAME, Role.PEKERJA_SOSIAL, SAMPLE_AREAS)
    set_up_laptop(
        paths, user=DEMO_USER, password=DEMO_PASSWORD, officer=officer, wiring=wiring, cost=FLOOR, is_demo=True
    ).close()
    if paths.database.read_bytes().startswith(PLAIN_DATABASE):
        raise BugError("the database is not encrypted")
    trial.laptop = open_laptop(paths, user=DEMO_USER, password=DEMO_PASSWORD, wiring=wiring, is_demo=True)
    found = troubles(trial.laptop.store, full=True)
    if found:
        raise BugError(found[0])
    info = database_info(trial.laptop.store)
    return f"SQLite {info['sqlite']}, SQLCipher {info['pragmas']['cipher_version']}"


def _try_server(trial: Trial) -> str:
    trial.server = DemoServer(trial.folder / "server")
    trial.server.start()
    code = trial.server.add_user(OFFICER_NAME, Role.PEKERJA_SOSIAL, ",".join(SAMPLE_AREAS), OFFICE).code
    join_server(trial.opened(), url=trial.server.url, code=code)
    return _("laptop terdaftar di {url}").format(url=trial.server.url)


def _try_sample(trial: Trial) -> str:
    session = trial.opened().session
    admin_uid = trial.server.add_user(ADMIN_NAME, Role.ADMIN_PROV, PROVINCE_SCOPE, OFFICE).uid if trial.server else ""
    admin = Officer(admin_uid, ADMIN_NAME, Role.ADMIN_PROV, (PROVINCE_SCOPE,), office=OFFICE)
    trial.made = load_sample(lambda role, at: session_at(session, admin, role, at))
    return _("{people} warga, {visits} kunjungan").format(people=len(trial.made.people), visits=len(trial.made.visits))


def _try_paper(trial: Trial) -> str:
    session = trial.opened().session
    paper = document_paper(session, uid=next(iter(trial.made.visits.values())))
    pages = page_images(paper, PAGE_PX)
    if not all(len(set(page.rgb)) > 1 for page in pages):
        raise BugError("a page of the report stays empty")
    file = trial.folder / "laporan.pdf"
    file.write_bytes(paper)
    verdict = verify_file(session, path=file).verdict
    if verdict not in GOOD:
        raise BugError(f"the report is judged {verdict}")
    return _("{pages} halaman PDF, {kb} kB, tanda tangan dalam kode QR cocok").format(
        pages=len(pages), kb=len(paper) // 1000
    )


def _try_sheet(trial: Trial) -> str:
    """A list of everybody in which one birthplace is another: all digits come back, one person changes."""
    session = trial.opened().session
    people = [the_record(session, uid, RecordKind.PERSON).answers for uid in trial.made.people.values()]
    rows = [(str(one["nik"]), str(one["full_name"]), str(one.get("birth_place", ""))) for one in people]
    rows[0] = (*rows[0][:2], OTHER_PLACE)
    columns = tuple(TableColumn(title, 1.0, is_text=True) for title in ("NIK", "Nama Lengkap", "Tempat Lahir"))
    path = trial.folder / "warga.xlsx"
    path.write_bytes(xlsx_of([Table("warga", "Daftar warga", columns, tuple(rows))]))
    incoming = read_list(session, path=path, kind=ImportType.PEOPLE)
    importer = Importer(session, ImportRequest(incoming.kind, incoming.table, incoming.columns, incoming.sha256))
    for _judged in importer.steps():
        pass
    done = write_import(session, importer, Decisions(reason=_("Uji mandiri program"))).tally
    if (done.same, done.changed) != (len(rows) - 1, 1):
        raise BugError(f"of {len(rows)} rows {done.same} stayed the same, {done.changed} changed")
    return _("{rows} baris XLSX ditulis dan diimpor kembali").format(rows=len(rows))


def _try_sync(trial: Trial) -> str:
    laptop = trial.opened()
    sync(laptop)
    waiting = pill(laptop.session)
    if waiting.unsent or not waiting.sent:
        raise BugError(f"{waiting.unsent} changes were not sent, {waiting.sent} were")
    return _("{sent} perubahan sudah di server dengan tanda terima").format(sent=waiting.sent)
