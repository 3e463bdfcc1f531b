"""What a text with slips of the fingers may have meant: the words of the index that are most like its words."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from kube_field.domain.names import without_titles
from kube_field.sqlite.driver import Database
from kube_field.storage.search import folded_words

VOCABULARY = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_terms USING fts5vocab(main, search_words, row)"
TERMS = "SELECT term FROM temp.search_terms WHERE length(term) BETWEEN ? AND ?"
SHORTEST = 4
"""Shorter words are looked for as they stand: too many words are one slip away from them."""
LENGTHS_APART = 2
ALIKE = 80
"""Smallest likeness (0 to 100): one slip in a word of five letters, two in a word of ten."""
BEST = 6


def forgiving_expression(db: Database, text: str) -> str:
    """An FTS5 expression of the typed words or the indexed words like them; empty when a word is like none."""
    words = folded_words(without_titles(text)).replace('"', " ").split()
    meant = [[word] if len(word) < SHORTEST else _like(db, word) for word in words]
    if not all(meant):
        return ""
    return " AND ".join("(" + " OR ".join(f'"{word}"*' for word in several) + ")" for several in meant)


def _like(db: Database, word: str) -> list[str]:
    db.execute_sql(VOCABULARY)
    terms = [term for (term,) in db.rows(TERMS, len(word) - LENGTHS_APART, len(word) + LENGTHS_APART)]
    found = process.extract(word, terms, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=BEST)
    return [term for term, _score, _at in found]
