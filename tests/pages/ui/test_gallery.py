from __future__ import annotations

from pages.ui.gallery import Figure, gallery_html

PIXEL = "data:image/png;base64,AAAA"


def test_a_class_name_that_is_markup_is_shown_as_text() -> None:
    html = gallery_html([Figure(PIXEL, ("<script>x</script>",), 'a" onerror="x')], scheme="light", width_px=80)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert 'onerror="x"' not in html


def test_every_picture_has_its_words() -> None:
    html = gallery_html([Figure(PIXEL, ("Bag",), "a bag")], scheme="light", width_px=80)
    assert 'alt="a bag"' in html


def test_the_bar_is_as_long_as_the_network_was_sure_and_coloured_by_right_or_wrong() -> None:
    right = gallery_html([Figure(PIXEL, ("Bag",), "a bag", 0.25, right=True)], scheme="light", width_px=80)
    wrong = gallery_html([Figure(PIXEL, ("Bag",), "a bag", 0.25, right=False)], scheme="light", width_px=80)
    assert "25.0%" in right
    assert right != wrong


def test_a_picture_without_a_share_has_no_bar() -> None:
    assert 'class="bar"' not in gallery_html([Figure(PIXEL, (), "a bag")], scheme="dark", width_px=80)
