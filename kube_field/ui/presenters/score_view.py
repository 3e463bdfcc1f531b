"""The score of a visit in words for the screen."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from gettext import gettext as _
from typing import Any

from kube_field.domain.rules.result import VisitScore
from kube_field.domain.rules.score import ENOUGH, Indicator, Status, indicator_name, percent
from kube_field.domain.rules.telling import decimal_text
from kube_field.ui.pages.score_card import ScoreLine, ScoreView
from kube_field.ui.texts import status_word
from kube_field.ui.theme import Tone


def notes_of(computed: Mapping[str, Any]) -> tuple[str, ...]:
    """Stage and graduation as the form tells them, where its version does."""
    told = ((_("Tahap KUBE"), computed.get("stage")), (_("Syarat graduasi"), computed.get("graduation_words")))
    return tuple(_("{label}: {words}").format(label=label, words=words) for label, words in told if words)


def score_view(found: VisitScore | None, notes: tuple[str, ...] = ()) -> ScoreView:
    """What the card shows of a visit; None is one at which nobody was met."""
    if found is None:
        return ScoreView(words=_("Tidak ada yang ditemui: kunjungan tercatat, tetapi tidak dinilai."))
    score, word = found.score, status_word(found.final)
    enough = score.status != Status.INSUFFICIENT
    return ScoreView(
        total=str(score.total) if enough else "",
        status=word.text,
        tone=word.tone,
        words=_score_words(found) if enough else _too_little(score.coverage),
        flags=tuple(
            (status_word(flag.floor).tone if flag.floor is not None else Tone.NEUTRAL, flag.sentence, flag.action)
            for flag in found.flags
        ),
        lines=tuple(_line(one) for one in score.indicators),
        notes=notes,
    )


def _score_words(found: VisitScore) -> str:
    parts = [_("dari 100. Kelengkapan data {share}.").format(share=percent(found.score.coverage))]
    if found.final != found.score.status:
        own = status_word(found.score.status).text
        parts.append(_("Menurut nilai saja: {status}; tanda peringatan menurunkannya.").format(status=own))
    if found.lowest:
        names = ", ".join(indicator_name(one.code) for one in found.lowest)
        parts.append(_("Terendah: {names}.").format(names=names))
    return " ".join(parts)


def _too_little(coverage: Fraction) -> str:
    words = _("Data belum cukup untuk dinilai: baru {share} terjawab, perlu {least}.")
    return words.format(share=percent(coverage), least=percent(ENOUGH))


def _line(one: Indicator) -> ScoreLine:
    points = decimal_text(one.points).replace(".", ",")
    return ScoreLine(
        title=_("{code} {name}").format(code=one.code, name=indicator_name(one.code)),
        level="–" if one.level is None else str(one.level),
        points=_("{points} dari {most}").format(points="–" if one.level is None else points, most=one.weight),
        words=one.words,
    )
