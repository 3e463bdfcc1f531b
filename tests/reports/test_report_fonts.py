"""The program's own font: present, undamaged, and honest about characters that it lacks."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import kube_field
from kube_field.errors import Failure, KubeFieldError
from kube_field.reports.fonts import FONT_HASHES, MISSING_SIGN, Face, font_folder, load_fonts, read_font


@pytest.mark.parametrize("face", list(Face))
def test_every_cut_is_the_file_that_was_shipped(face):
    assert read_font(face, font_folder())[:4] == b"\x00\x01\x00\x00"


def test_every_cut_has_a_hash():
    assert set(FONT_HASHES) == set(Face)


def test_the_window_finds_its_cuts_and_the_licence_lies_beside_them():
    names = {entry.name for entry in font_folder().iterdir()}
    assert {f"NotoSans-{cut}.ttf" for cut in ("Regular", "Italic", "SemiBold", "Bold")} <= names


def test_a_missing_font_is_told_in_plain_words(tmp_path):
    with pytest.raises(KubeFieldError) as caught:
        read_font(Face.BOLD, tmp_path)
    assert caught.value.failure == Failure.INTEGRITY
    assert "NotoSans-Bold.ttf" in caught.value.sentence
    assert "Data Anda tetap aman" in caught.value.action


def test_one_flipped_bit_in_a_font_is_noticed(tmp_path):
    content = bytearray(read_font(Face.REGULAR, font_folder()))
    content[len(content) // 2] ^= 1
    (tmp_path / "NotoSans-Regular.ttf").write_bytes(bytes(content))
    with pytest.raises(KubeFieldError) as caught:
        read_font(Face.REGULAR, tmp_path)
    assert caught.value.code == "FONT_DAMAGED"


def test_a_first_paper_with_a_damaged_font_fails_without_a_traceback_of_reportlab(tmp_path):
    (tmp_path / "NotoSans-Regular.ttf").write_bytes(b"not a font")
    program = (
        "import pathlib, sys\n"
        "from kube_field.errors import KubeFieldError\n"
        "from kube_field.reports.fonts import load_fonts\n"
        "try:\n"
        "    load_fonts(pathlib.Path(sys.argv[1]))\n"
        "except KubeFieldError as trouble:\n"
        "    print(trouble.code)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "FONT_DAMAGED"


def test_what_the_font_lacks_is_shown_as_a_sign_and_never_lost():
    fonts = load_fonts()
    assert fonts.printable("Ani 😀") == f"Ani {MISSING_SIGN}"
    assert fonts.printable("محمد") == MISSING_SIGN * 4
    assert fonts.printable("A\x00B") == f"A{MISSING_SIGN}B"


def test_no_word_of_the_program_itself_lacks_a_letter_on_paper():
    fonts, lacking = load_fonts(), {}
    only_on_screen = {"{old} → {new}"}
    rooms = ("domain", "reports", "usecases")
    for path in (path for room in rooms for path in (Path(kube_field.__file__).parent / room).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_"]
        words = {one.value for call in said for one in call.args if isinstance(one, ast.Constant)}
        lacking |= {word: path.name for word in words - only_on_screen if MISSING_SIGN in fonts.printable(word)}
    assert lacking == {}
    assert fonts.printable("kenaikan −5") == "kenaikan –5"


def test_joiners_and_direction_marks_leave_no_sign():
    assert load_fonts().printable("A\u200d\u202eB\ufe0f") == "AB"


def test_accents_are_composed_and_blanks_of_any_kind_are_blanks():
    assert load_fonts().printable("Jose\u0301\u00a0\tRe") == "José  Re"


def test_the_width_of_a_text_is_the_sum_of_its_letters():
    fonts = load_fonts()
    apart = fonts.width("K", Face.BOLD, 10) + fonts.width("U", Face.BOLD, 10)
    assert fonts.width("KU", Face.BOLD, 10) == pytest.approx(apart)


def test_importing_the_reports_does_not_load_reportlab():
    program = (
        "import sys, kube_field.reports.visit_report, kube_field.reports.attendance_list, kube_field.reports.preview\n"
        "print([name for name in ('reportlab', 'segno', 'pypdfium2', 'PIL') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.strip() == "[]"
