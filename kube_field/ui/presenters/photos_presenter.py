"""Foto di laptop ini: reads what photos take, and stores how the officer wants them kept."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.errors import KubeFieldError
from kube_field.ui.pages.sync_page import SyncPage
from kube_field.ui.presenters.page_presenter import failure_words
from kube_field.ui.tasks import Tasks
from kube_field.usecases.photo_keeping import PhotoKeeping, keep_photos, photo_room
from kube_field.usecases.session import Session


class PhotosPresenter:
    """Presenter of the photos' card on SyncPage; call `refresh` whenever the page is shown."""

    def __init__(self, page: SyncPage, session: Session, tasks: Tasks) -> None:
        self.page, self.card = page, page.photos
        self._session, self._tasks = session, tasks
        page.served_by.append(self)
        self.card.keeping_chosen.connect(self._keep)

    def refresh(self) -> None:
        """Read again what photos take."""
        self._tasks.run(lambda: photo_room(self._session), self.card.show_room)

    def _keep(self, keeping: PhotoKeeping) -> None:
        def kept(_nothing: object) -> None:
            self.page.show_notice(_said()[keeping], seconds=8)
            self.refresh()

        def failed(error: KubeFieldError) -> None:
            self.page.show_problem(failure_words(error))
            self.refresh()

        self._tasks.run(lambda: keep_photos(self._session, keeping), kept, failed)


def _said() -> dict[PhotoKeeping, str]:
    return {
        PhotoKeeping.AS_NEEDED: _("Foto tidak diambil dan tidak dihapus dengan sendirinya."),
        PhotoKeeping.BRING_ALL: _("Foto kunjungan rekan ikut diambil mulai sinkronisasi berikutnya."),
        PhotoKeeping.TAKE_OFF: _(
            "Salinan lama dihapus setelah sinkronisasi berikutnya berhasil. Pilihan ini berlaku "
            "untuk semua petugas di laptop ini."
        ),
    }
