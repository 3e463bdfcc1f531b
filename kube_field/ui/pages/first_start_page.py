"""The very first start: enrol this laptop with the office's code, or try the app with sample data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from gettext import gettext as _

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from kube_field.ui.pages.page_frame import wide
from kube_field.ui.theme import current_theme
from kube_field.ui.widgets.buttons import primary_button, secondary_button
from kube_field.ui.widgets.card import Card
from kube_field.ui.widgets.labels import make_label
from kube_field.ui.widgets.password_field import PasswordField

ENROL_WIDTH = 600
DEMO_WIDTH = 360


class FirstStartPage(QWidget):
    """Two cards. `judge_password(password, user)` gives what is wrong with a password, in words.

    Signals: enrol_requested(server, code, user, password), demo_requested().
    """

    enrol_requested = Signal(str, str, str, str)
    demo_requested = Signal()

    def __init__(self, judge_password: Callable[[str, str], Sequence[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._judge = judge_password
        self._busy = False
        self.served_by: list[object] = []
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._build()
        self._connect()
        self._follow()

    def _build(self) -> None:
        px = current_theme().px
        cards = self._cards = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        cards.setSpacing(px(16))
        cards.addStretch(1)
        for card in (self._make_enrol(), self._make_demo()):
            cards.addWidget(card, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        cards.addStretch(1)
        inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(px(24), px(24), px(24), px(24))
        column.setSpacing(px(16))
        title = make_label(_("Selamat datang di KUBE Lapangan"), "title")
        title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words = make_label(
            _("Asesmen, pelatihan, dan kunjungan pendampingan KUBE dan WRSE, juga tanpa jaringan."), "quiet", wraps=True
        )
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        column.addWidget(title)
        column.addWidget(words)
        column.addLayout(cards)
        column.addStretch(2)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def resizeEvent(self, event: object) -> None:
        """Beside each other where there is room, else below each other."""
        room = self.width() >= current_theme().px(ENROL_WIDTH + DEMO_WIDTH + 96)
        way = QBoxLayout.Direction.LeftToRight if room else QBoxLayout.Direction.TopToBottom
        self._cards.setDirection(way)

    def _make_enrol(self) -> QWidget:
        card = Card(_("Daftarkan laptop"))
        card.setFixedWidth(current_theme().px(ENROL_WIDTH))
        self._server = _line(_("Alamat server"))
        self._code = _line(_("Kode pendaftaran"))
        self._user = _line(_("Nama masuk"))
        self._password = PasswordField(_("Kata sandi baru"))
        self._again = PasswordField(_("Ulangi kata sandi"))
        self._strength = make_label("", "muted", wraps=True)
        self._strength.setAccessibleName(_("Penilaian kata sandi"))
        _add_field(card.body, _("Alamat server"), self._server, _("Dari kantor, diawali https://"))
        who, secret = QHBoxLayout(), QHBoxLayout()
        card.body.addLayout(who)
        _add_field(_column(who), _("Kode pendaftaran"), self._code, _("Dari penyelia; berlaku 24 jam."))
        _add_field(_column(who), _("Nama masuk"), self._user, _("Nama yang didaftarkan kantor."))
        card.body.addLayout(secret)
        _add_field(_column(secret), _("Kata sandi baru"), self._password, "")
        _add_field(_column(secret), _("Ulangi kata sandi"), self._again, "")
        card.body.addWidget(self._strength)
        self._problem = make_label("", "error", wraps=True)
        self._problem.setMinimumHeight(2 * self._problem.fontMetrics().lineSpacing())
        card.body.addWidget(self._problem)
        self._enrol = wide(primary_button(_("Daftarkan laptop ini")))
        card.body.addWidget(self._enrol)
        return card

    def _make_demo(self) -> QWidget:
        card = Card(_("Mencoba dulu"))
        card.setFixedWidth(current_theme().px(DEMO_WIDTH))
        card.body.addWidget(
            make_label(
                _(
                    "Buka aplikasi dengan data contoh: warga, kelompok, dan kunjungan rekaan. Bingkai jingga dan"
                    " tulisan DATA CONTOH membedakannya dari data sungguhan; tidak ada yang dikirim ke kantor."
                ),
                wraps=True,
            )
        )
        self._demo = wide(secondary_button(_("Coba dengan data contoh")))
        card.body.addWidget(self._demo)
        card.body.addWidget(make_label(_("Anda tetap dapat mendaftarkan laptop ini setelahnya."), "muted", wraps=True))
        return card

    def _connect(self) -> None:
        for edit in (self._server, self._code, self._user):
            edit.textChanged.connect(lambda _text: self._follow())
        for field in (self._password, self._again):
            field.text_changed.connect(lambda _text: self._follow())
        self._again.entered.connect(self._on_enrol)
        self._enrol.clicked.connect(self._on_enrol)
        self._demo.clicked.connect(self.demo_requested)

    def show_defaults(self, server: str, code: str = "", user: str = "") -> None:
        """Fill in what an enrolment package or the last try already gave."""
        self._server.setText(server)
        self._code.setText(code)
        self._user.setText(user)

    def show_busy(self, words: str) -> None:
        """Say what is being done; empty words mean that it is over."""
        self._busy = bool(words)
        self._enrol.setText(words or _("Daftarkan laptop ini"))
        self._demo.setEnabled(not self._busy)
        self._follow()

    def show_problem(self, text: str) -> None:
        """Say why enrolling did not work; what was typed stays."""
        self.show_busy("")
        self._problem.setText(text)

    def _follow(self) -> None:
        password, user = self._password.text, self._user.text().strip()
        wrong = list(self._judge(password, user)) if password else []
        if password and not wrong and self._again.text and self._again.text != password:
            wrong = [_("Kedua kata sandi belum sama.")]
        self._strength.setProperty("role", "error" if wrong else "muted")
        self._strength.style().polish(self._strength)
        hint = _("Paling sedikit 15 huruf; lima kata yang mudah diingat juga baik. Spasi boleh.")
        good = _("✓ Kata sandi kuat.")
        self._strength.setText("\n".join(wrong) or (good if password else hint))
        filled = all(edit.text().strip() for edit in (self._server, self._code, self._user))
        self._enrol.setEnabled(
            not self._busy and filled and bool(password) and not wrong and self._again.text == password
        )

    def _on_enrol(self) -> None:
        if self._enrol.isEnabled():
            self._problem.clear()
            self.enrol_requested.emit(
                self._server.text().strip(), self._code.text().strip(), self._user.text().strip(), self._password.text
            )


def _line(name: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setAccessibleName(name)
    edit.setMaxLength(200)
    return edit


def _column(row: QHBoxLayout) -> QVBoxLayout:
    column = QVBoxLayout()
    row.addLayout(column, 1)
    return column


def _add_field(column: QVBoxLayout, label: str, field: QWidget, help_text: str) -> None:
    words = make_label(label, "strong")
    words.setBuddy(field)
    column.addWidget(words)
    column.addWidget(field)
    if help_text:
        column.addWidget(make_label(help_text, "muted", wraps=True))
