"""Names that lists show for codes: villages, kecamatan, business ideas."""

from __future__ import annotations

from kube_field.reference import Reference


class Places:
    """Looks names up in the reference data; a code that is not known is shown as it is."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference

    def village(self, code: str) -> str:
        """Name of a village."""
        region = self._reference.regions.village(code)
        return code if region is None else region.name

    def kecamatan(self, code: str) -> str:
        """Name of the kecamatan of a village or scope code."""
        region = self._reference.regions.kecamatan(code)
        return code[:8] if region is None else region.name

    def idea(self, code: str) -> str:
        """Name of a business idea."""
        idea = self._reference.idea(code)
        return code if idea is None else idea.name_id
