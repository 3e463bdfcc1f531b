"""Strips on pages: what stays together, what is repeated, what is never lost."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kube_field.reports.fonts import Face, load_fonts
from kube_field.reports.layout import Strip, gap, heading, paginate, paragraph, tied, wrap
from kube_field.reports.tables import ROW_LINES, Column, Row, data_table


def draw_nothing(pen, x, top):
    return None


def strip(height=10.0, **more):
    return Strip(height, draw_nothing, **more)


def test_strips_that_are_tied_go_to_the_next_page_together():
    pages = paginate([strip(70), *tied([strip(20), strip(20)])], 100)
    assert [len(page) for page in pages] == [1, 2]


def test_a_chain_higher_than_a_page_is_broken_rather_than_lost():
    pages = paginate(tied([strip(40)] * 7), 100)
    assert sum(len(page) for page in pages) == 7


def test_white_at_the_top_of_a_page_vanishes():
    pages = paginate([strip(95), gap(20), strip(50)], 100)
    assert [placed.offset for placed in pages[1]] == [0.0]


def test_a_page_with_nothing_on_it_is_never_made():
    assert all(paginate([strip(100), gap(30), gap(30), strip(100), gap(5)], 100))


def test_the_head_of_a_table_is_repeated_on_every_page():
    head = strip(10, keep=True)
    pages = paginate([head, *[strip(30, head=(head,)) for _ in range(6)]], 100)
    assert [page[0].strip for page in pages] == [head, head]
    assert sum(len(page) for page in pages) == 6 + len(pages)


def test_a_page_holds_no_more_counted_rows_than_it_may():
    pages = paginate([strip(1, most=15) for _ in range(32)], 1000)
    assert [len(page) for page in pages] == [15, 15, 2]


def test_a_heading_is_never_the_last_thing_on_a_page():
    fonts = load_fonts()
    parts = [strip(660), *heading(fonts, "G. MASALAH DAN KENDALA", 460), *paragraph(fonts, "Tidak ada. " * 30, 460)]
    first, second = paginate(parts, 700)
    assert len(first) == 1 or first[-1].strip.space
    assert len(second) > 3


def test_a_table_begins_only_where_its_first_row_fits_too():
    fonts = load_fonts()
    table = data_table(fonts, [Column("No", 1), Column("Nama", 5)], [Row(("1", "Ani"))] * 9, 460)
    first, second = paginate([strip(670), *table], 700)
    assert len(first) == 1
    assert len(second) == 10


def test_a_cell_with_a_thousand_lines_goes_on_in_further_rows():
    fonts = load_fonts()
    table = data_table(fonts, [Column("No", 1), Column("Isi", 1)], [Row(("1", "kata\n" * 100))], 460)
    assert len(table) == 1 + -(-100 // ROW_LINES)
    assert max(part.height for part in table) < 600


def test_too_long_a_number_is_parted_after_a_stroke():
    fonts = load_fonts()
    lines = wrap(fonts, "400.9/L07-0003/BAST/KKR/VII/2026", Face.REGULAR, 10, 110)
    assert lines[0].endswith(("/", "-"))
    assert "".join(lines) == "400.9/L07-0003/BAST/KKR/VII/2026"


@given(st.text(max_size=300), st.floats(min_value=12, max_value=400))
def test_wrapping_keeps_every_letter_and_the_width(text, width):
    fonts = load_fonts()
    lines = wrap(fonts, text, Face.REGULAR, 9.5, width)
    kept = "".join(fonts.printable(text).split())
    assert "".join("".join(lines).split()) == kept
    assert all(fonts.width(line, Face.REGULAR, 9.5) <= width + 0.01 or len(line) == 1 for line in lines)


@given(st.lists(st.tuples(st.floats(min_value=1, max_value=90), st.booleans()), max_size=60))
def test_paging_loses_nothing_and_stays_on_the_page(heights):
    strips = [strip(height, keep=keep) for height, keep in heights]
    pages = paginate(strips, 100)
    placed = [item for page in pages for item in page]
    assert [item.strip for item in placed] == strips
    assert all(item.offset + item.strip.height <= 100.02 for item in placed)


def test_a_gap_that_must_stay_is_placed():
    kept = replace(gap(8), space=False)
    assert paginate([kept], 100)[0][0].strip == kept
