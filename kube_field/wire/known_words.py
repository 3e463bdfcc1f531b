"""Words that laptop and server both know, from which small messages are packed: the protocol's names and every form's.

A short message is mostly names. They are derived from the declarations, so nothing is trained or shipped; the name of
the words is that of their content, and whoever knows other ones (another version of the program) goes without.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256

import zstandard

from kube_field.domain.forms.catalogue import every_form
from kube_field.domain.forms.declaration import Form

LEVEL = 15
NAME_DIGITS = 8
TALK = (
    '{"server":"kube-field","server_id":"","epoch":"","device":"","device_code":"L07","standing":"ok","rollback":false,'
    '"user":{"uid":"","name":"","role":"","areas":["64."],"employee_number":"","office":""},"scopes":[{"id":"64",'
    '"mode":"ro","head":0},{"id":"64.02.12","mode":"rw","head":1},{"id":"user:"}],"limits":{"push_bytes":1000000,'
    '"push_n":500,"pull_bytes":1000000,"blob_bytes":8000000,"table_rows":2000},"token":"","challenge":"","keys":{'
    '"sign":"","seal":""},"notice":null,"retry_jitter_s":0,"codings":"zstd, gzip"}'
    '{"v":1,"device":"","user":"","continuity":"","step":"","epoch":"","app":"0.1.0","schema":1,"clock":17,"scopes":{'
    '"64":{"seq":0,"head":0,"chain":"","sum":"0"}},"queue":{"n":1,"bytes":0,"oldest":"2026-"}}'
    '{"scope":"64","seq":0,"head":0,"chain":"","max_bytes":1000000,"uids":[],"table":true}'
    '{"rows":[],"seq":0,"head":0,"chain":"","sum":"","more":false,"table":{"n":1,"columns":{"all":{"v":1,"k":"visit",'
    '"by":"","body":{}},"each":{"uid":["'
    '{"refusal":3001,"code":"SAY_HELLO","message":"Sambungan perlu dimulai ulang.","retry_after":0}'
    '{"id":"","status":"applied","version":1,"errors":[{"field":"","code":"","message":""}],"conflicts":[],"hold":"",'
    '"receipt":{"id":"","sha256":"","at":"2026-"},"alias":""}'
    '"base":0,"schema":1,"create":true,"deps":[],"resolves":[],"reason":"","set":{"'
    '{"continuity":"","clock":17,"heads":[0,1,0],"photos":["","aside":{},"results":[],"fed":[{"scope":"64.02.12",'
    '"before":1,"head":2,"chain":"","sum":""}],"taken":{"n":1,"receipt":"","at":"2026-","proof":""}}'
    '{"terms":"","continuity":"","step":"","clock":17,"app":"0.1.0","seen":[[0,""],[1,""],[0,""]],"waiting":1,"audit":{'
    '"length":1,"head":""},"changes":[],"facts":{"n":1,"columns":{"all":{"id":"","uid":"","kind":"visit",'
    '"scope":"64.02.12","form":"2026.1","by":"","at":"2026-","set":{"form_version":"2026.1","subject_uid":"",'
    '"occurred_on":"2026-","author_uid":"","author_name":"","finalised_at":"2026-","document_id":"","revision":1,'
    '"supersedes":"","number":"L07-","snapshot":{},"confirmed":{},"attachments":[{"sha256":"","size":1,'
    '"mime":"image/jpeg","question":""}],"answers":{"'
)
"""Each message as it looks with nothing in it; what is said most often stands last, where it is cheapest to name."""


@cache
def known_words() -> bytes:
    """The words, the same wherever the same program runs."""
    names = (text for form in every_form() for text in _names(form))
    return ("".join(dict.fromkeys(names)) + TALK).encode()


@cache
def words_name() -> str:
    """Name of the words of this program, as a coding of HTTP."""
    return f"zstd-{sha256(known_words()).hexdigest()[:NAME_DIGITS]}"


def pack_with_words(raw: bytes, level: int = LEVEL) -> bytes:
    """Bytes as one zstd frame that leans on the words."""
    return zstandard.ZstdCompressor(level=level, dict_data=_for_packing(level)).compress(raw)


@cache
def words_for_unpacking() -> zstandard.ZstdCompressionDict:
    """What a decompressor needs to read such a frame."""
    return zstandard.ZstdCompressionDict(known_words(), dict_type=zstandard.DICT_TYPE_RAWCONTENT)


@cache
def _for_packing(level: int) -> zstandard.ZstdCompressionDict:
    words = zstandard.ZstdCompressionDict(known_words(), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    words.precompute_compress(level=level)
    return words


def _names(form: Form) -> Iterator[str]:
    for question in form.questions():
        yield from (f'"{choice.code}",' for choice in question.choices if choice.code)
    for question in form.questions():
        yield f'"{question.code}":'
        yield from (f'"{column.code}":' for column in question.columns)
