"""Searching while typing in a full province, and its lists, against the plainest query on the same file."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from kube_field.storage.search import match_expression, typed_digits
from kube_field.usecases.documents import find_documents
from kube_field.usecases.groups import find_groups
from kube_field.usecases.home import home
from kube_field.usecases.people import count_people, find_people, near_matches
from kube_field.usecases.search import SHORTEST, search
from kube_field.usecases.session import Session
from kube_field.usecases.views import DocumentFilter, GroupFilter, PersonFilter
from kube_field.usecases.visits import due_list
from tests.bench.bare_database import bare_connection
from tests.bench.measure import Pairs, Row, Sizes, by_turns, milliseconds
from tests.bench.province import open_province
from tests.support.laptop import DATABASE_KEY

NAMES = (
    "Melati Putih", "Kenanga Rimba", "Anggrek Hutan", "Cempaka Bulan", "Dahlia Senja", "Seroja Danau",
    "Teratai Muara", "Mawar Pelangi", "Kamboja Hujan", "Ulin Bukit", "Gaharu Hilir", "Puring Tanjung",
    "Soka Indah", "Durian Sungai", "Meranti Lembah", "Bengkirai Raya", "Nyatoh Karang", "Langsat Embun",
    "Nangka Kabut", "Belimbing Kuning",
)  # fmt: skip
OLD_SPELLINGS = ("Tjempaka", "Djati Poetih", "Soengkai", "Boengoer", "Djahe Oengoe", "Rimba Soengai")
VILLAGES = ("Long Lalang", "Muara Muntai Ulu", "Tabang", "Kembang Janggut", "Loa Kulu", "Sebulu", "Sambutan", "Batu")
NIKS = 6
FTS = "SELECT rowid FROM search_words WHERE words MATCH ? LIMIT 50"
BY_NIK = "SELECT uid FROM person WHERE nik >= ? AND nik < ? LIMIT 50"
PEOPLE = "SELECT uid, full_name, nik, sex, birth_date, scope, status FROM person ORDER BY full_name LIMIT 500"
UNITS = "SELECT uid, business_name, owner_kind, person_id, group_id, village_code, handover_on FROM business_unit"
VISITS = "SELECT uid, subject_uid, occurred_on, number FROM fact ORDER BY occurred_on DESC LIMIT 500"
GROUPS = "SELECT uid, name, village_code, idea_code, status FROM kube_group ORDER BY name LIMIT 500"
LIKE_NAMES = "SELECT rowid FROM search_words WHERE words MATCH ? LIMIT 200"


def measure(sizes: Sizes) -> list[Row]:
    with open_province(sizes) as (session, path), bare_connection(path, DATABASE_KEY) as bare:
        typed = [text for whole in typed_queries(session) for text in prefixes(whole)]

        def people(text: str) -> None:
            """As the page does it: the rows, and the count where they fill the page."""
            wanted = PersonFilter(text=text)
            if len(find_people(session, wanted=wanted)) >= wanted.limit:
                count_people(session, wanted=wanted)

        found = _typing(typed, lambda text: search(session, text=text), bare)
        listed = _typing(typed, people, bare)
        return [
            *found.rows_of_spread("search while typing"),
            *listed.rows_of_spread("list of people while typing"),
            *_lists(session, bare, sizes.lists),
        ]


def typed_queries(session: Session) -> list[str]:
    """Forty things that an officer types: names, old spellings, places, and six people's NIK."""
    known = Random(7).sample(session.store.listings.people(PersonFilter(limit=500)), NIKS)
    niks = [str(session.store.records.get(row.uid).answers["nik"]) for row in known]
    return [*NAMES, *OLD_SPELLINGS, *VILLAGES, *niks]


def prefixes(whole: str) -> list[str]:
    """What stands in the field after each letter, from where the search begins."""
    return [whole[:end] for end in range(SHORTEST, len(whole) + 1) if whole[:end].strip() == whole[:end]]


def _typing(typed: list[str], ours: Callable[[str], object], bare: Any) -> Pairs:
    pairs = Pairs()
    for text in typed:
        ours(text)
        pairs.ours.append(milliseconds(lambda text=text: ours(text)))
        pairs.bare.append(milliseconds(lambda text=text: bare_search(bare, text)))
    return pairs


def bare_search(bare: Any, text: str) -> list[Any]:
    digits = typed_digits(text)
    if digits:
        return list(bare.execute(BY_NIK, (digits, digits + "~")).fetchall())
    return list(bare.execute(FTS, (match_expression(text),)).fetchall())


def _lists(session: Session, bare: Any, rounds: int) -> list[Row]:
    def read(*queries: str) -> Callable[[], object]:
        return lambda: [bare.execute(query).fetchall() for query in queries]

    def first_people() -> None:
        find_people(session, wanted=PersonFilter())
        count_people(session, wanted=PersonFilter())

    def like() -> object:
        return near_matches(session, name="Melati Putih Anggrek", birth_year=1980)

    measured: tuple[tuple[str, Callable[[], object], Callable[[], object]], ...] = (
        ("list: start page", lambda: home(session), read(UNITS, VISITS)),
        ("list: visits that are due", lambda: due_list(session), read(UNITS, VISITS)),
        ("list: first page of people and their number", first_people, read(PEOPLE, "SELECT count(*) FROM person")),
        ("list: groups", lambda: find_groups(session, wanted=GroupFilter()), read(GROUPS)),
        ("list: newest documents", lambda: find_documents(session, wanted=DocumentFilter()), read(VISITS)),
        ("list: people like a new one", like, lambda: bare.execute(LIKE_NAMES, ('"mel"*',)).fetchall()),
    )
    return [by_turns(ours, plain, rounds).row(name) for name, ours, plain in measured]
