import numpy as np
import pytest
import traitlets

from nbinterp.widgets.codec import pack, unpack
from nbinterp.widgets.selection import Selection


def test_indices_are_sorted_unique_and_come_back_as_an_array():
    selection = Selection(10, [7, 2, 2])
    assert selection.indices.tolist() == [2, 7]
    assert selection.indices.dtype == np.int64
    selection.indices = np.arange(10) % 2 == 0
    assert selection.indices.tolist() == [0, 2, 4, 6, 8]
    selection.indices = []
    assert selection.indices.size == 0


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([10], "from 0 to 9, got 10"),
        ([-1], "from 0 to 9, got -1"),
        ([0.5], "1-D array of image indices"),
        ([[1]], "1-D array of image indices"),
        ([True, False], r"needs shape \(10,\)"),
    ],
)
def test_what_is_no_selection_is_refused_and_the_old_one_stays(value, message):
    selection = Selection(10, [3])
    with pytest.raises(ValueError, match=message):
        selection.indices = value
    assert selection.indices.tolist() == [3]


def test_bytes_from_the_browser_arrive_whatever_their_type():
    selection = Selection(10)
    data = np.array([1, 4], dtype="<u4").tobytes()
    selection.set_state({"indices_bytes": memoryview(data), "named_bytes": {"mine": memoryview(data)}})
    assert selection.indices.tolist() == [1, 4]
    assert selection.named["mine"].tolist() == [1, 4]


def test_a_view_cannot_select_what_is_not_there():
    selection = Selection(10, [3])
    with pytest.raises(traitlets.TraitError, match="from 0 to 9"):
        selection.set_state({"indices_bytes": memoryview(np.array([99], dtype="<u4").tobytes())})
    assert selection.indices.tolist() == [3]


def test_named_selections_can_be_set_from_python():
    selection = Selection(10)
    selection.named = {"odd": [1, 3, 5], "mask": np.arange(10) > 7}
    assert {name: list(indices) for name, indices in selection.named.items()} == {"odd": [1, 3, 5], "mask": [8, 9]}


def test_a_unit_is_a_layer_and_an_index():
    selection = Selection(3)
    selection.unit = {"layer": "features.7", "unit": 4}
    selection.unit = None
    with pytest.raises(traitlets.TraitError, match="expected"):
        selection.unit = {"layer": "features.7"}


def test_units_chosen_together_are_a_layer_and_indices():
    selection = Selection(3)
    selection.units = {"layer": "features.7", "units": [4, np.int64(2)]}
    assert selection.units == {"layer": "features.7", "units": [4, 2]}
    for wrong in ({"layer": "features.7"}, {"layer": "features.7", "units": 4}, {"layer": 7, "units": [-1]}):
        with pytest.raises(traitlets.TraitError, match="expected"):
            selection.units = wrong
    assert selection.units == {"layer": "features.7", "units": [4, 2]}
    selection.units = None


def test_codec_round_trip_and_alignment():
    arrays = {
        "bytes": np.arange(5, dtype=np.uint8),
        "floats": np.random.default_rng(0).normal(size=(3, 2)).astype(np.float32),
        "empty": np.zeros((0, 4), dtype=np.int32),
        "big": np.array([2**32 - 1], dtype=np.uint32),
    }
    entries, buffer = pack(arrays)
    assert all(entry["offset"] % 8 == 0 for entry in entries)
    for name, array in unpack(entries, buffer).items():
        np.testing.assert_array_equal(array, arrays[name])
        assert array.dtype == arrays[name].dtype
    with pytest.raises(TypeError, match="int64"):
        pack({"wide": np.zeros(2, np.int64)})
