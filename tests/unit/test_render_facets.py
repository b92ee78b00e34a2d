"""The static picture of facets: every image at its place in its colour, every number at the middle of its facet."""

import numpy as np
import pytest

from nbinterp.analyses.facets import Evidence
from nbinterp.render.colors import category_rgb
from nbinterp.render.drawing import PADDING, px
from nbinterp.render.facets import facet_card, facet_map
from nbinterp.render.visualizations import gallery

SIDE, ROOM, TITLE = 300, 14, 24


def place(x: float, y: float) -> tuple[int, int]:
    """Pixel of a place in the map's square, both in CSS px from its top left."""
    return px(PADDING + x), px(PADDING + TITLE + y)


def close(colour, other) -> bool:
    return max(abs(a - b) for a, b in zip(colour, other, strict=True)) <= 20  # points let a little white through


def colours_of(picture) -> set[tuple[int, int, int]]:
    return {colour for _, colour in picture.getcolors(maxcolors=picture.width * picture.height)}


def test_images_lie_where_they_belong_y_upward_and_in_one_scale():
    xy = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 5.0]], np.float32)
    picture = facet_map(xy, np.array([0, 1, -1]), title="unit 3")
    left, right = ROOM, SIDE - ROOM
    middle = SIDE / 2
    quarter = (right - left) / 4
    # the numbers cover facet 0 and 1, which have one image each; the image of no facet has none
    assert close(picture.getpixel(place(left, middle - quarter)), category_rgb(-1))
    for x in (left, right):
        assert picture.getpixel(place(x - 6, middle + quarter)) == (255, 255, 255), "a plate for the number"
    assert picture.getpixel(place(middle, middle)) == (255, 255, 255)


def test_every_facet_has_its_colour_and_images_without_a_place_are_left_out():
    rng = np.random.default_rng(0)
    xy = rng.normal(size=(40, 2)).astype(np.float32)
    facets = np.arange(40) % 4 - 1
    xy[5] = np.nan
    pictures = [facet_map(xy, np.where(facets == facet, 0, 1), title="") for facet in (-1, 0, 1, 2)]
    picture = facet_map(xy, facets, title="")
    assert all(any(close(colour, category_rgb(facet)) for colour in colours_of(picture)) for facet in (0, 1, 2))
    assert facet_map(np.delete(xy, 5, 0), np.delete(facets, 5), title="") == picture
    assert facet_map(xy[facets >= 0], facets[facets >= 0], title="") != picture, "images of no facet are drawn too"
    assert len({picture.tobytes() for picture in pictures}) == 4


def test_the_signs_of_facets_differ_in_shape_too():
    block = {"name": "", "lines": [], "images": [], "exemplars": [], "masks": None}
    signs = [np.asarray(gallery([block | {"category": facet}])).min(2) < 200 for facet in (0, 1, 2)]
    assert len({sign.tobytes() for sign in signs}) == 3


@pytest.mark.parametrize("xy", [np.zeros((0, 2)), np.zeros((1, 2)), np.full((4, 2), 7.0), np.full((3, 2), np.nan)])
def test_maps_without_extent_are_drawn_too(xy):
    facet_map(xy, np.zeros(len(xy), np.int64), title="unit 3")


def test_the_card_holds_map_and_blocks_side_by_side():
    images = [np.full((20, 30, 3), value, np.uint8) for value in (40, 220)]
    block = {"name": "facet 0", "lines": ["62 %"], "images": images, "exemplars": images, "masks": None}
    xy = np.eye(2)
    alone = facet_map(xy, np.zeros(2, np.int64), title="unit 3")
    why = {"evidence": None, "why": "Number given"}
    card = facet_card(xy, np.zeros(2, np.int64), [block], title="unit 3", heading="mean", **why)
    assert card.width > alone.width and card.height >= alone.height
    assert {(40, 40, 40), (220, 220, 220)} <= colours_of(card)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match=r"N×2 places and N facets"):
        facet_map(np.zeros((3, 2)), np.zeros(2, np.int64), title="")
    with pytest.raises(ValueError, match="facet 1 has no block"):
        facet_card(np.zeros((2, 2)), np.array([0, 1]), [{}], title="", heading="", evidence=None, why="")


@pytest.mark.parametrize("chosen", [1, 3])
def test_the_gap_statistic_marks_the_number_chosen(chosen):
    k = np.arange(1, 5)
    evidence = Evidence(k, np.array([0.1, 0.4, 0.9, 0.7]), np.full(4, 0.05), np.zeros(4))
    block = {"name": "facet", "lines": [], "images": [], "exemplars": [], "masks": None}
    xy, facets = np.eye(4)[:, :2], np.arange(4) % chosen
    card = facet_card(xy, facets, [block] * chosen, title="", heading="", evidence=evidence, why="")
    pixels = np.asarray(card).astype(int)
    y, x = (np.abs(pixels - [0x0B, 0x5C, 0xAD]).max(2) < 10).nonzero()
    assert len(x) > 100, "a blue point"
    bars = (np.abs(pixels - [0x5B, 0x66, 0x70]).max(2) < 10)[y.min() - 20 : y.max() + 20]
    columns = bars.any(0).nonzero()[0]
    columns = columns[np.abs(columns - x.mean()) < 240]  # of the chart, not of what stands beside it
    place = (x.mean() - columns.min()) / (columns.max() - columns.min())
    assert (place < 0.5) == (chosen == 1)
