"""What a hello says that the officer has to know although nothing went wrong and nothing is to be done."""

from __future__ import annotations

from gettext import gettext as _

from kube_field.wire.messages import HelloAnswer


def notice_of(answer: HelloAnswer, *, device: str) -> str:
    """This laptop turned out to be a copy, or the server was put back: one sentence each; "" on an ordinary day.

    `device` is what the laptop called itself: a server put back knows no token of today, but leaves it its name.
    """
    said = []
    if answer.device != device:
        words = _(
            "Laptop ini ternyata salinan atau dipulihkan dari cadangan: kode barunya {code}, dan isian yang hanya ada "
            "di disk lama tidak ikut."
        )
        said.append(words.format(code=answer.device_code))
    if answer.rollback:
        said.append(_("Server provinsi dipulihkan dari cadangan: yang hilang di sana dikirim lagi dari laptop ini."))
    return " ".join(said)
