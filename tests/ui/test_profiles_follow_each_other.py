"""One profile after another: nothing of the first stays on the page."""

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLabel

from kube_field.domain.records import RecordKind
from kube_field.domain.views import Profile
from kube_field.ui.pages.profile_page import ProfilePage


def profile(kind, title, label, value):
    return Profile("u", kind, title, "", sections=((title, ((label, value),)),))


def words_of(page):
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return [label.text() for label in page.findChildren(QLabel)]


def test_the_facts_of_the_first_profile_are_gone_with_the_second(qtbot):
    page = ProfilePage()
    qtbot.addWidget(page)
    page.show_profile(profile(RecordKind.PERSON, "Melati", "NIK", "6402********9901"))
    assert "6402********9901" in words_of(page)
    page.show_profile(profile(RecordKind.KUBE_GROUP, "KUBE Mawar", "Paket program", "KUBE APBD Prov 2026"))
    words = words_of(page)
    assert "KUBE APBD Prov 2026" in words
    assert "6402********9901" not in words
