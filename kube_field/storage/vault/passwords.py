"""Which passwords are accepted (security design 2.2): long, not on the list of obvious ones, nothing else."""

from __future__ import annotations

import re
import unicodedata
from gettext import gettext as _

from kube_field.errors import Failure, KubeFieldError

SHORTEST, LONGEST = 15, 128
MOST_OBVIOUS_REST = 8
"""So many letters and digits must be left when everything obvious is taken out of a password."""
FEWEST_DIFFERENT = 6
OBVIOUS = (
    "kotasamarinda",
    "kutaikartanegara",
    "penajampaserutara",
    "mahakamulu",
    "kutaibarat",
    "kutaitimur",
    "balikpapan",
    "samarinda",
    "tenggarong",
    "bontang",
    "berau",
    "paser",
    "kalimantantimur",
    "kalimantan",
    "pendamping",
    "dinassosial",
    "indonesia",
    "kaltim",
    "dinsos",
    "sosial",
    "dinas",
    "kube",
    "wrse",
    "katasandi",
    "password",
    "passw0rd",
    "rahasia",
    "bismillah",
    "sayang",
    "cintaku",
    "admin",
    "welcome",
    "iloveyou",
    "qwertyuiop",
    "qwerty",
    "asdfghjkl",
    "asdfgh",
    "zxcvbnm",
    "abcdefghij",
    "abcdef",
    "abc",
    "1234567890",
    "0987654321",
    "123456",
    "654321",
    "1234",
    "123",
)
"""Common words, keyboard rows, and the words of this office and this province; longer ones before their parts."""
YEAR = re.compile(r"(?:19|20)\d\d")
REPEATED = re.compile(r"(.{1,4}?)\1{2,}")


def check_password(password: str, user: str) -> list[str]:
    """What is wrong with a password, in words for the officer; empty when it is accepted."""
    text = unicodedata.normalize("NFKC", password)
    if len(text) < SHORTEST:
        return [
            _("Kata sandi paling sedikit {n} huruf. Beberapa kata yang mudah diingat juga baik.").format(n=SHORTEST)
        ]
    if len(text) > LONGEST:
        return [_("Kata sandi paling banyak {n} huruf.").format(n=LONGEST)]
    if _is_obvious(text, user):
        return [_("Kata sandi terlalu mudah ditebak. Gunakan beberapa kata yang tidak berhubungan.")]
    return []


def require_good_password(password: str, user: str) -> None:
    """Refuse a password that breaks the rules. Raises: KubeFieldError with VALIDATION."""
    problems = check_password(password, user)
    if problems:
        raise KubeFieldError(
            Failure.VALIDATION,
            problems[0],
            code="PASSWORD_WEAK",
            details=[{"field": "password", "code": "PASSWORD_WEAK", "message": problem} for problem in problems],
        )


def _is_obvious(text: str, user: str) -> bool:
    rest = "".join(sign for sign in text.casefold() if sign.isalnum())
    for name in sorted(_names(user), key=len, reverse=True):
        rest = rest.replace(name, "")
    for word in OBVIOUS:
        rest = rest.replace(word, "")
    rest = REPEATED.sub(r"\1", YEAR.sub("", rest))
    others = sum(not sign.isalnum() for sign in text)
    return len(rest) + others < MOST_OBVIOUS_REST or len(set(text.casefold())) < FEWEST_DIFFERENT


def _names(user: str) -> set[str]:
    parts = re.split(r"[^\w]+", user.casefold())
    whole = "".join(part for part in parts if part)
    return {part for part in (*parts, whole) if len(part) > 2}
