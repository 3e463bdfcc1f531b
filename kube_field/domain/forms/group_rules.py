"""What is judged about a KUBE and its members (handbook 5.5, 5.6). Facts of the context that the rules read:

`members`: active members, each {person_uid, name, birth_date, role, village_code, household_uid, desil}; `batch`:
answers of the programme batch; `group_names`: names of the other groups of the village; `memberships`: other open
memberships of the person, each {group_uid, group_name}. What is missing keeps its rule silent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from gettext import gettext as _
from typing import Any

from kube_field.domain.dates import age_on
from kube_field.domain.forms.answered import day, fact, facts_list, galat, known_texts, peringatan, text, uid, whole
from kube_field.domain.forms.declaration import Context, Finding, Rule
from kube_field.domain.names import fold_name
from kube_field.domain.records import Answers

DEFAULT_MEMBERS = (5, 20)
DEFAULT_AGES = (18, 59)
OFFICERS = (("ketua", "ketua"), ("sekretaris", "sekretaris"), ("bendahara", "bendahara"))
POOR_DESIL = 5


def _members(context: Context) -> list[Mapping[str, Any]]:
    return [member for member in facts_list(context, "members") or [] if not text(member, "left_on")]


def _limit(context: Context, code: str, usual: int) -> int:
    limit = whole(fact(context, "batch"), code)
    return usual if limit is None else limit


def _name_in_village(answers: Answers, context: Context) -> Iterator[Finding]:
    name = fold_name(text(answers, "name"))
    if name and name in {fold_name(other) for other in known_texts(context, "group_names") or ()}:
        yield peringatan("GROUP_NAME_TWICE", "name", _("Di desa ini sudah ada KUBE dengan nama itu."))


def _idea_in_sector(answers: Answers, context: Context) -> Iterator[Finding]:
    idea = context.reference.idea(text(answers, "idea_code")) if context.reference is not None else None
    if idea is not None and text(answers, "sector") and idea.sector != answers["sector"]:
        yield peringatan("IDEA_OTHER_SECTOR", "idea_code", _("Jenis usaha ini termasuk bidang lain."))
    if idea is not None and not idea.group:
        yield peringatan("IDEA_NOT_FOR_GROUPS", "idea_code", _("Jenis usaha ini biasanya untuk perorangan."))


def _sk_after_forming(answers: Answers, _context: Context) -> Iterator[Finding]:
    formed, decided = day(answers, "formed_on"), day(answers, "sk_date")
    if formed is not None and decided is not None and decided < formed:
        yield peringatan("SK_BEFORE_FORMED", "sk_date", _("Tanggal SK sebelum kelompok dibentuk."))


def _size(_answers: Answers, context: Context) -> Iterator[Finding]:
    if facts_list(context, "members") is None:
        return
    count = len(_members(context))
    least, most = (
        _limit(context, "min_members", DEFAULT_MEMBERS[0]),
        _limit(context, "max_members", DEFAULT_MEMBERS[1]),
    )
    if count < least:
        message = _("Anggota {n} orang, kurang dari {least}.").format(n=count, least=least)
        yield peringatan("MEMBERS_TOO_FEW", "name", message)
    elif count > most:
        message = _("Anggota {n} orang, lebih dari {most}.").format(n=count, most=most)
        yield peringatan("MEMBERS_TOO_MANY", "name", message)


def _officers(_answers: Answers, context: Context) -> Iterator[Finding]:
    if facts_list(context, "members") is None:
        return
    held = Counter(text(member, "role") for member in _members(context))
    for role, label in OFFICERS:
        if held[role] == 0:
            yield peringatan(f"NO_{role.upper()}", "name", _("Belum ada {role}.").format(role=_(label)))
        elif held[role] > 1:
            message = _("Ada {n} {role}; seharusnya satu.").format(n=held[role], role=_(label))
            yield peringatan(f"MANY_{role.upper()}", "name", message)


def _same_kecamatan(answers: Answers, context: Context) -> Iterator[Finding]:
    home = text(answers, "village_code")[:8]
    strangers = [
        text(member, "name")
        for member in _members(context)
        if home and text(member, "village_code") and text(member, "village_code")[:8] != home
    ]
    if strangers:
        message = _("Tinggal di luar kecamatan kelompok: {names}.").format(names=", ".join(strangers))
        yield peringatan("MEMBER_OTHER_KECAMATAN", "village_code", message)


def _ages(_answers: Answers, context: Context) -> Iterator[Finding]:
    least, most = _limit(context, "age_min", DEFAULT_AGES[0]), _limit(context, "age_max", DEFAULT_AGES[1])
    outside = [
        text(member, "name")
        for member in _members(context)
        if (born := day(member, "birth_date")) is not None and not least <= age_on(born, context.today) <= most
    ]
    if outside:
        message = _("Umur di luar {least}–{most} tahun: {names}.")
        yield peringatan("MEMBER_AGE", "name", message.format(least=least, most=most, names=", ".join(outside)))


def _families(_answers: Answers, context: Context) -> Iterator[Finding]:
    families = Counter(family for member in _members(context) if (family := text(member, "household_uid")))
    shared = [text(member, "name") for member in _members(context) if families[text(member, "household_uid")] > 1]
    if shared:
        message = _("Anggota satu KK: {names}.").format(names=", ".join(shared))
        yield peringatan("MEMBERS_OF_ONE_FAMILY", "name", message)


def _nobody_poor(_answers: Answers, context: Context) -> Iterator[Finding]:
    desils = [text(member, "desil") for member in _members(context) if text(member, "desil")]
    if desils and not any(desil.isdecimal() and int(desil) <= POOR_DESIL for desil in desils):
        yield peringatan("NO_MEMBER_IN_DESIL_5", "name", _("Tidak ada anggota yang tercatat di desil 1 sampai 5."))


GROUP_RULES: tuple[Rule, ...] = (
    _name_in_village,
    _idea_in_sector,
    _sk_after_forming,
    _size,
    _officers,
    _same_kecamatan,
    _ages,
    _families,
    _nobody_poor,
)


def _left_after_joining(answers: Answers, _context: Context) -> Iterator[Finding]:
    joined, left = day(answers, "joined_on"), day(answers, "left_on")
    if joined is not None and left is not None and left < joined:
        yield galat("LEFT_BEFORE_JOINED", "left_on", _("Tanggal keluar sebelum tanggal masuk."))


def _one_group_at_once(answers: Answers, context: Context) -> Iterator[Finding]:
    here = uid(answers, "group_id")
    others = [one for one in facts_list(context, "memberships") or [] if text(one, "group_uid") != here]
    if others and not text(answers, "left_on"):
        names = ", ".join(text(one, "group_name") for one in others)
        message = _("Masih menjadi anggota aktif: {groups}.").format(groups=names)
        yield galat("MEMBER_OF_TWO_GROUPS", "person_id", message)


def _once_in_a_group(answers: Answers, context: Context) -> Iterator[Finding]:
    person = uid(answers, "person_id")
    if not text(answers, "left_on") and person and person in {text(m, "person_uid") for m in _members(context)}:
        yield galat("MEMBER_TWICE", "person_id", _("Sudah tercatat sebagai anggota kelompok ini."))


def _replaced_by_another(answers: Answers, _context: Context) -> Iterator[Finding]:
    if uid(answers, "replaced_by") and uid(answers, "replaced_by") == uid(answers, "person_id"):
        yield galat("REPLACED_BY_SELF", "replaced_by", _("Pengganti harus orang lain."))


MEMBERSHIP_RULES: tuple[Rule, ...] = (
    _left_after_joining,
    _one_group_at_once,
    _once_in_a_group,
    _replaced_by_another,
)
