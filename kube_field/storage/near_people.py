"""Who may be the same person: a small set from the index, judged by how alike the names sound."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from kube_field.sqlite.driver import Database
from kube_field.storage.search import folded_words

PREFIX = 3
"""Letters at the beginning of a word that a similar name must share."""
CANDIDATES = 20_000
ALIKE = 82
"""Smallest likeness (0 to 100) of two folded names, words in any order."""
SHOWN = 10
BIRTH_YEARS_APART = 2
SAME_VILLAGE, SAME_YEAR = 10, 10
"""What village and birth year add to the likeness."""

JUDGED = 200
WHO = """
SELECT p.uid, p.birth_date, coalesce(h.village_code, '') FROM person p LEFT JOIN household h ON h.uid = p.household_id
"""
BY_BEGINNING = """
SELECT e.uid, e.folded FROM search_words w JOIN search_entry e ON e.id = w.rowid
WHERE w.words MATCH ? AND e.kind = 'person' LIMIT ?
"""


def nearest(db: Database, nik: str, name: str, birth_year: int | None, village_code: str) -> list[str]:
    """Uids of the likeliest matches, best first, those with the same NIK before all others."""
    same = [row[0] for row in db.rows("SELECT uid FROM person WHERE nik = ? AND nik <> '' AND deleted = 0", nik)]
    alike = _alike_names(db, folded_words(name))
    marks = ", ".join("?" * len(alike))
    scored: list[tuple[float, str]] = []
    for uid, born, village in db.rows(f"{WHO} WHERE p.deleted = 0 AND p.uid IN ({marks})", *alike):
        score = _likeness(alike[uid], birth_year, born, bool(village_code) and village_code == village)
        if score > 0:
            scored.append((score, uid))
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    return list(dict.fromkeys([*same, *(uid for _score, uid in scored)]))[:SHOWN]


def _alike_names(db: Database, folded: str) -> dict[str, float]:
    """Likeness of names by uid, of those that begin alike and are alike enough; at most 200."""
    begins = [word[:PREFIX] for word in folded.split() if len(word) >= PREFIX]
    if not begins:
        return {}
    match = " OR ".join(f'"{beginning}"*' for beginning in begins)
    others: dict[str, str] = dict(db.rows(BY_BEGINNING, match, CANDIDATES))
    best = process.extract(folded, others, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=JUDGED)
    return {uid: score for _other, score, uid in best}


def _likeness(score: float, birth_year: int | None, born: str, same_village: bool) -> float:
    """0 for a birth year too far away, else the likeness of the names plus what village and year add."""
    year = int(born[:4]) if born[:4].isdigit() else None
    if birth_year is not None and year is not None:
        if abs(birth_year - year) > BIRTH_YEARS_APART:
            return 0
        score += SAME_YEAR if birth_year == year else 0
    return score + (SAME_VILLAGE if same_village else 0)
