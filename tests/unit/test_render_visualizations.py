"""Optimized images as contact sheets, files, static pictures and plotly figures."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from nbinterp.render import visualizations
from nbinterp.render.drawing import px
from nbinterp.render.image_figure import images_figure

RED, GREEN, BLUE = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)


def plain(*colours: tuple[float, ...], height: int = 30, width: int = 41) -> np.ndarray:
    """Images of one colour each."""
    return np.stack([np.broadcast_to(np.array(c, np.float32)[:, None, None], (len(c), height, width)) for c in colours])


def noise(n: int, side: int) -> np.ndarray:
    return np.random.default_rng(0).random((n, 3, side, side), dtype=np.float32)


def on_sheet(jpeg: bytes, layout: dict, i: int) -> np.ndarray:
    """Image `i`, cut out of a sheet as the browser does."""
    row, column = divmod(i, layout["columns"])
    x, y = column * layout["cell"][0], row * layout["cell"][1]
    return np.asarray(Image.open(io.BytesIO(jpeg)))[y : y + layout["height"], x : x + layout["width"]]


def test_every_image_lies_where_the_layout_says_and_bleeds_nowhere():
    colours = [RED, GREEN, BLUE, (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)]
    jpeg, layout = visualizations.contact_sheet(plain(*colours))
    assert layout == {"columns": 3, "cell": [48, 32], "width": 41, "height": 30, "n": 5}
    for i, colour in enumerate(colours):
        tile = on_sheet(jpeg, layout, i).astype(int)
        assert tile.shape == (30, 41, 3)
        assert np.abs(tile - 255 * np.array(colour)).max() <= 3, f"image {i}, up to its border"


def test_values_are_rounded_clipped_and_never_nan():
    images = np.array([-1.0, 0.0, 0.5, 1.0, 2.0, np.nan], np.float32).reshape(1, 1, 2, 3)
    assert visualizations.pixels(images)[0, :, :, 0].tolist() == [[0, 0, 128], [255, 255, 0]]
    assert visualizations.pixels(images).shape == (1, 2, 3, 3), "one channel becomes grey"


def test_large_images_and_many_are_shrunk_until_the_sheet_is_small():
    jpeg, layout = visualizations.contact_sheet(noise(4, 300), side=256)
    assert (layout["width"], layout["height"]) == (256, 256)
    jpeg, layout = visualizations.contact_sheet(noise(30, 128), max_bytes=200_000)
    assert len(jpeg) <= 200_000
    assert 16 <= layout["width"] < 128, "noise does not compress: the images had to become smaller"
    sharp, _ = visualizations.contact_sheet(noise(4, 64))
    blurred, layout = visualizations.contact_sheet(noise(4, 64), max_bytes=len(sharp) - 1)
    assert len(blurred) < len(sharp) and layout["width"] == 64, "less sharp before smaller"


def test_a_sheet_of_64_images_of_224_pixels_stays_below_a_megabyte_and_a_half():
    x = np.linspace(0, 60, 224, dtype=np.float32)
    waves = 0.5 + 0.5 * np.sin(x[:, None] * x[None] / 4)
    images = np.clip(waves + 0.2 * (noise(64, 224) - 0.5), 0, 1)
    jpeg, layout = visualizations.contact_sheet(images)
    assert len(jpeg) < 1_500_000
    assert layout["width"] >= 112


def test_a_png_holds_every_pixel_and_a_zip_the_same_bytes_each_time():
    image = noise(1, 17)[0]
    data = visualizations.png(image)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(data))), visualizations.pixels(image[None])[0])
    files = {"a.png": data, "b.png": data}
    packed = visualizations.zipped(files)
    assert packed == visualizations.zipped(files)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files


def test_the_static_picture_shows_images_words_and_masked_exemplars():
    red, white = (np.full((20, 20, 3), value, np.uint8) for value in ((255, 0, 0), (255, 255, 255)))
    block = {"name": "unit 1", "lines": ["activation 2"], "images": [red], "exemplars": [white], "masks": None}
    bare = visualizations.gallery([{**block, "exemplars": []}])
    open_ = visualizations.gallery([block])
    shaded = visualizations.gallery([{**block, "masks": [np.zeros((2, 2))]}])
    assert open_.getpixel((px(12 + 50), px(12 + 50))) == (255, 0, 0)
    assert bare.size == open_.size == shaded.size
    white_or_dark = (px(12 + 122 + 20), px(12 + 92))
    assert open_.getpixel(white_or_dark) == (255, 255, 255)
    assert shaded.getpixel(white_or_dark) == (102, 102, 102)
    assert visualizations.gallery([block] * 4).width > 1.5 * open_.width, "two columns"
    with pytest.raises(ValueError, match="at least one block"):
        visualizations.gallery([])


def test_a_plotly_figure_has_one_picture_and_title_each():
    figure = images_figure(plain(RED, GREEN, BLUE), ["a", "b", "c"], title="units", columns=2)
    assert len(figure.data) == 3
    assert all(trace.source.startswith("data:image/png;base64,") for trace in figure.data)
    assert [text.text for text in figure.layout.annotations] == ["a", "b", "c"]
    assert figure.layout.title.text == "units"
