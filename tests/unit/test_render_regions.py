"""The static picture of a region: the histogram counts right, every kind of region can be drawn."""

import numpy as np
import pytest
from PIL import Image

from nbinterp.render.regions import histogram, jpeg, lift_range, outside_pixels


def test_histogram_is_even_in_the_logarithm_and_keeps_zeros_apart():
    shares = histogram(np.array([0.0, 0.0, 1.0, 9.9, 10.0, 999.0, 1000.0, np.nan]), 1.0, 1000.0, 4)
    np.testing.assert_allclose(shares, np.array([2, 2, 1, 2]) / 7)
    assert histogram(np.array([]), 1.0, 10.0, 5).sum() == 0
    assert histogram(np.array([1e-9, 1e9]), 1.0, 10.0, 5).tolist() == [0, 0.5, 0, 0, 0.5]


def test_range_is_powers_of_ten_around_all_lifts():
    assert lift_range(35.0, [np.array([0.0, 0.5]), np.array([np.nan, 2000.0])]) == pytest.approx((0.1, 10_000.0))
    assert lift_range(float("nan"), [np.array([0.0])]) == (0.1, 10.0)
    assert lift_range(10.0, [np.array([10.0])]) == (10.0, 100.0)


@pytest.mark.parametrize("shape", [(40, 60, 3), (3, 40, 60)])
def test_an_image_from_outside_as_pixels(shape):
    values = np.zeros(shape, np.float32)
    values[(..., 0) if shape[2] == 3 else (0, ...)] = 1  # red
    found = outside_pixels(values)
    assert found is not None and found.shape == (171, 256, 3)
    assert found[100, 100].tolist() == [255, 0, 0]
    wide = outside_pixels(Image.new("L", (1000, 10), 7))
    assert wide is not None and wide.shape == (3, 256, 3)
    assert outside_pixels(np.zeros((5, 5))) is None
    assert jpeg(found)[:2] == b"\xff\xd8"
