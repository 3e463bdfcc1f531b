"""Pages as pictures for the window."""

import pytest

from kube_field.errors import BugError
from kube_field.reports.preview import page_images
from kube_field.reports.visit_report import render_visit_report
from tests.support.make_papers import make_photo_reader, make_reference, make_visit_fact


def test_every_page_becomes_a_picture_of_the_wanted_width():
    pdf = render_visit_report(make_visit_fact(), reference=make_reference(), photos=make_photo_reader())
    images = page_images(pdf, 300)
    assert len(images) > 1
    for image in images:
        assert image.width in (300, 301)
        assert len(image.rgb) == image.width * image.height * 3


def test_a_page_is_black_on_white():
    pdf = render_visit_report(make_visit_fact(), reference=make_reference(), photos=make_photo_reader())
    first = page_images(pdf, 400)[0].rgb
    assert first[:3] == b"\xff\xff\xff"
    assert min(first) < 60


def test_something_that_is_no_pdf_is_our_own_mistake():
    with pytest.raises(BugError):
        page_images(b"not a paper", 300)
