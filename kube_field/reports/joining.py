"""Many papers in one file, each page exactly as it is when its paper stands alone."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from kube_field.sqlite.durable import replace_patiently, sync_folder


class JoinedPapers:
    """Papers one behind the other; nothing is on the disk before `save`.

    The pages are kept packed as they came: 500 visit reports with photos need about 90 MB of memory.
    """

    def __init__(self) -> None:
        import pypdfium2 as pdfium

        self._document = pdfium.PdfDocument.new()

    def __enter__(self) -> JoinedPapers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, pdf: bytes) -> None:
        """Put a paper behind the others."""
        import pypdfium2 as pdfium

        paper = pdfium.PdfDocument(pdf)
        try:
            self._document.import_pages(paper)
        finally:
            paper.close()

    def save(self, path: Path) -> None:
        """Write the file; it is there whole or not at all. Raises: OSError."""
        beside = path.with_name(f"{path.name}.part")
        try:
            with beside.open("wb") as stream:
                self._document.save(stream)
            replace_patiently(beside, path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)

    def close(self) -> None:
        """Forget the pages."""
        self._document.close()
