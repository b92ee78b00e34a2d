"""What the browser may ask of a recording, resource by resource."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from nbinterp.analyses import DetachedError, Recording
from nbinterp.analyses.embedding import MIN_IMAGES, pca, umap
from nbinterp.analyses.field_of_view import WHOLE, Box, cut, field_of_view
from nbinterp.data import ImageError, ProbeSet
from nbinterp.jobs import Job, Worker, worker_of
from nbinterp.render.pages import GREY, thumbnail, thumbnail_page, thumbnail_sheet
from nbinterp.widgets.catalog import Answer, Catalog, Key

TILE, PER_PAGE, PAGE_COLUMNS = 64, 500, 25
CLASSES = ("label", "prediction")
MAX_CATEGORIES = 200  # text columns with more distinct values are shown as text, not as categories
NO_PICTURES = "No pictures: the recording was loaded without its images; Recording.load(path, probe=…) brings them."

Report = Callable[[str, float | None], None]


class RecordingSource:
    """Answers every request for one recording; results that cost time are kept."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self.n_items = len(recording.names)
        self._frame = shown_columns(recording.frame)
        self.columns = [_column_spec(str(name), column) for name, column in self._frame.items()]
        self.layers = [
            {"name": name, "n_units": layer.n_units, "kind": layer.kind, "shape": list(layer.shape or ())}
            for name, layer in ((name, recording[name]) for name in recording.layers)
        ]
        self.thumb = {
            "tile": TILE,
            "per_page": PER_PAGE,
            "columns": PAGE_COLUMNS,
            "missing": "" if recording.probe is not None else NO_PICTURES,
        }
        self._kept: dict[Key, Answer] = {}
        self._offered: dict[str, Callable[..., Answer]] = {}
        self._lock = threading.Lock()

    def worker(self, key: Key) -> Worker:
        """Model passes queue on the model, UMAP and pages of thumbnails by themselves, all else on the recording."""
        if key[0] == "maps" and self.recording.net is not None:
            return worker_of(self.recording.net, "model")
        lane = "umap" if key[-1] == "umap" else "pages" if key[0] == "thumbs" else "data"
        lane = "offered" if key[0] in self._offered else lane
        return worker_of(self.recording, lane)

    def answer(self, key: Key, indices: Sequence[int], job: Job, report: Report) -> Answer:
        """Compute one resource; see `Source.answer`."""
        if key[0] == "maps":
            return self._maps(str(key[1]), int(key[2]), indices)
        if key[0] == "sheet":
            return self._with_views(indices, *thumbnail_sheet(self.probe(), indices, tile=TILE))
        if key not in self._kept:
            answers: dict[str, Callable[..., Answer]] = {
                "thumbs": self._thumbs,
                "column": self._column,
                "units": self._units,
                "activation": self._activation,
                **self._offered,
            }
            if key[0] == "coords":
                answer = self.coordinates(str(key[1]), str(key[2]), job, report)
            elif key[0] in answers:
                answer = answers[str(key[0])](*key[1:])
            else:
                raise LookupError(f"no resource {key[0]!r}; there are coords, maps, sheet, {', '.join(answers)}")
            with self._lock:
                self._kept[key] = answer
        return self._kept[key]

    def offer(self, name: str, answer: Callable[..., Answer]) -> None:
        """Answer keys that begin with `name` too, by `answer(*rest of the key)`, for a view that shows more."""
        self._offered[name] = answer

    def has(self, key: Key) -> bool:
        """Whether that resource is computed and kept."""
        return key in self._kept

    def units(self, layer: str) -> dict[str, np.ndarray]:
        """The table of a layer's units, by column; see `_units`."""
        return self._units(layer).arrays

    def unit_keys(self, layer: str) -> Iterator[Key]:
        """The key of the layer's table of units, if it has exemplars."""
        if self.recording[layer].top is not None:
            yield ("units", layer)

    def item_keys(self) -> Iterator[Key]:
        """The keys of everything about the images themselves: columns and thumbnails."""
        yield from (("column", spec["name"]) for spec in self.columns)
        if self.recording.probe is not None:
            yield from (("thumbs", page) for page in range(-(-self.n_items // PER_PAGE)))

    def activation_keys(self, layer: str, limit: int) -> Iterator[Key]:
        """The keys of all units' activations, if they are no more than `limit` numbers."""
        n_units = self.recording[layer].n_units
        if self.n_items * n_units <= limit:
            yield from (("activation", layer, unit) for unit in range(n_units))

    def order(self, column: str, descending: bool) -> np.ndarray:
        """The images in the order of a column; equal values keep the order of the probe set."""
        values = pd.Series(self._frame[column].to_numpy())
        return values.sort_values(ascending=not descending, kind="stable").index.to_numpy()

    def colours(self, column: str) -> tuple[np.ndarray, list[str]]:
        """A column for a static picture: int category codes (−1: none) with their names, or numbers with their name."""
        spec: dict = next((spec for spec in self.columns if spec["name"] == column), {"kind": "text"})
        if spec["kind"] == "category":
            return self._column(column).arrays["codes"], spec["categories"]
        if spec["kind"] == "boolean":
            return self._column(column).arrays["values"].astype(np.int32), ["no", "yes"]
        if spec["kind"] == "number":
            return self._column(column).arrays["values"], [column]
        return np.zeros(self.n_items, dtype=np.int32), ["image"]

    def probe(self) -> ProbeSet:
        """The recorded images; `DetachedError` if the recording was loaded without them."""
        if self.recording.probe is None:
            raise DetachedError(
                "the pictures take the probe set, which this recording was loaded without: "
                "Recording.load(path, net=…, probe=…)"
            )
        return self.recording.probe

    def pixels(self, i: int) -> np.ndarray:
        """Image `i` for a static picture (uint8 `H × W × 3`); plain grey if the recording has no probe set."""
        if self.recording.probe is None:
            return np.full((TILE, TILE, 3), GREY, dtype=np.uint8)
        return thumbnail(self.recording.probe, i, 2 * TILE)

    def seen_pixels(self, i: int) -> np.ndarray:
        """The part of image `i` that reaches the network: what activation maps cover."""
        return cut(self.pixels(i), self.seen(i))

    def caption(self, i: int) -> str:
        """What stands under image `i`: a line, or two."""
        row = self._frame.iloc[i].to_dict()
        prediction, label = (None if pd.isna(row.get(name)) else row[name] for name in ("prediction", "label"))
        if prediction is None:
            return "no prediction" if label is None else f"{label}\nno prediction"
        shown = f"{prediction}\n{100 * row['confidence']:.0f} %"
        if label is None:
            return shown
        right = self.recording.correct
        if right is None:  # labels that are not the network's classes
            return f"{label}\n→ {prediction}"
        return f"✓ {shown}" if right[i] else f"✗ {label}\n→ {prediction}"

    def mistakes(self) -> str:
        """How many labelled images are predicted as something else, as the end of a sentence; "" without labels."""
        right = self.recording.correct
        n_known = int(((self.recording.labels >= 0) & (self.recording.predictions >= 0)).sum())
        if right is None or not n_known:
            return ""
        of = f" of {n_known:,} with label and prediction" if n_known < self.n_items else ""
        return f", {n_known - int(right.sum()):,}{of} classified wrongly"

    def exemplars(self, layer: str, unit: int, n: int) -> tuple[list[np.ndarray], list[np.ndarray] | None]:
        """What the network sees of the images that activate a unit most, and the unit's maps of them, in [0, 1].

        Args:
            layer: of the recording or not.
            unit: of the layer or not.
            n: images at most.

        Returns:
            uint8 height × width × 3 each, and as many maps, or None if there are none. No images if exemplars of this
            unit were not recorded.
        """
        if layer not in self.recording.layers or self.recording[layer].top is None:
            return [], None
        units = self.units(layer)
        if not 0 <= unit < len(units["exemplars"]):
            return [], None
        maps = units.get("exemplar_maps")
        indices = [int(i) for i in units["exemplars"][unit][:n] if i >= 0]
        masks = None if maps is None else [mask / 255 for mask in maps[unit][: len(indices)]]
        return [self.seen_pixels(i) for i in indices], masks

    def selective_for(self, layer: str, unit: int) -> str:
        """The class that a unit is selective for, by name; "" if it never responds or classes have no names."""
        units = self._units(layer)
        classes, best = units.meta["classes"], int(units.arrays["best_class"][unit])
        return classes[best] if units.arrays["peak"][unit] > 0 and 0 <= best < len(classes) else ""

    def coordinates(self, layer: str, method: str, job: Job, report: Report) -> Answer:
        """Where each image lies in the plane."""
        features = self.recording[layer].features
        missing = int((~np.isfinite(features).all(axis=1)).sum())
        note = f"{missing} images without finite features are not shown" if missing else ""
        usable = len(features) - missing
        if method == "umap" and usable < MIN_IMAGES:
            method, note = "pca", f"UMAP needs at least {MIN_IMAGES} images with finite features: this is a PCA"
        if method == "umap":
            xy = umap(features, on_progress=_changes_only(report), stopped=lambda: job.cancelled)
            job.check()
        else:
            xy = pca(features)
        return Answer({"method": method, "note": note}, {"xy": np.asarray(xy, dtype=np.float32)})

    def _thumbs(self, page: int) -> Answer:
        jpeg, meta = thumbnail_page(self.probe(), page, tile=TILE, per_page=PER_PAGE)
        return self._with_views(range(meta["first"], meta["first"] + meta["count"]), jpeg, meta)

    def _with_views(self, indices: Sequence[int], jpeg: bytes, meta: dict) -> Answer:
        """Thumbnails of these images, with the part of each that the network sees."""
        seen = [_part(box, self.seen(i)) for i, box in zip(indices, meta["boxes"], strict=True)]
        return Answer({**meta, "seen": seen}, data=jpeg)

    def seen(self, i: int) -> Box:
        """What the network sees of image `i`: left, top, right, bottom in shares of its width and height."""
        try:
            return self._field_of_view(i)
        except ImageError:  # its thumbnail is a cross
            return WHOLE

    @cached_property
    def _field_of_view(self) -> Callable[[int], Box]:
        net, probe = self.recording.net, self.recording.probe
        return field_of_view(net, probe) if net is not None and probe is not None else lambda i: WHOLE

    def _column(self, name: str) -> Answer:
        column = self._frame[name]
        spec = next(spec for spec in self.columns if spec["name"] == name)
        if spec["kind"] == "category":
            codes = pd.Categorical(column.astype("string"), categories=spec["categories"]).codes
            return Answer(arrays={"codes": np.asarray(codes, dtype=np.int32)})
        if spec["kind"] == "boolean":
            return Answer(arrays={"values": column.to_numpy(dtype=np.uint8)})
        if spec["kind"] == "number":
            whole = pd.api.types.is_integer_dtype(column.dtype)  # float32 would round a long identifier
            return Answer(arrays={"values": column.to_numpy(dtype=np.float64 if whole else np.float32)})
        return Answer({"text": [str(value) for value in column]})

    def _units(self, layer: str) -> Answer:
        recorded = self.recording[layer]
        if recorded.top is None:
            raise ValueError(f"layer {layer!r} has no exemplars: record it with keep=('pooled', 'topk')")
        top = recorded.top
        labelled = bool((self.recording.labels >= 0).any())
        selectivity, best = recorded.selectivity(self.recording.labels if labelled else self.recording.predictions)
        classes = self.recording.label_names if labelled else self.recording.class_names
        with np.errstate(invalid="ignore"):
            arrays = {
                "activity": recorded.mean.mean(axis=0, dtype=np.float64).astype(np.float32),
                "peak": peaks(recorded.max),
                "rate": (recorded.max > 0).mean(axis=0).astype(np.float32),
                "selectivity": selectivity,
                "best_class": best.astype(np.int32),
                "exemplars": top.index.astype(np.int32),
                "exemplar_values": top.value,
            }
        height = width = 0
        if top.maps is not None:
            height, width = top.maps.shape[-2:]
            arrays["exemplar_maps"] = scale_maps(top.maps, arrays["peak"][:, None, None, None])
        meta = {"k": top.index.shape[1], "map_height": height, "map_width": width, "classes": list(classes or ())}
        return Answer(meta, arrays)

    def _activation(self, layer: str, unit: int) -> Answer:
        recorded = self.recording[layer]
        return Answer(arrays={"max": shortened(recorded.max[:, unit])})

    def _maps(self, layer: str, unit: int, indices: Sequence[int]) -> Answer:
        maps = self.recording.activation_maps(layer, unit, np.asarray(indices, dtype=np.int64))
        scaled = scale_maps(maps, float(peaks(self.recording[layer].max[:, [unit]])[0]))
        return Answer({"height": maps.shape[1], "width": maps.shape[2]}, {"maps": scaled})


def _part(box: Sequence[float], seen: Box) -> list[float]:
    """The seen part of an image that lies in the box (left, top, width, height), as a box of the same kind."""
    left, top, width, height = box
    start, above, end, below = seen
    x, y, right, bottom = left + start * width, top + above * height, left + end * width, top + below * height
    if min(x, y) < 0 or max(right, bottom) > 1:  # padding that has no place in the tile is not shown
        x, y, right, bottom = max(x, left), max(y, top), min(right, left + width), min(bottom, top + height)
    return [round(value, 4) for value in (x, y, right - x, bottom - y)]


def peaks(largest: np.ndarray) -> np.ndarray:
    """The largest finite activation of each unit, from `N × units` maxima; −inf where there is none."""
    return np.where(np.isfinite(largest), largest, -np.inf).max(axis=0)


def shortened(values: np.ndarray) -> np.ndarray:
    """float32 numbers to three digits, which is what views show: zeros at the end of each make saved pages smaller."""
    return (np.ascontiguousarray(values).view(np.uint32) & np.uint32(0xFFFFE000)).view(np.float32)


def scale_maps(maps: np.ndarray, peak: np.ndarray | float) -> np.ndarray:
    """Activation maps as uint8: 255 is the unit's largest activation over the probe set, 0 is zero or less."""
    peak = np.where(np.asarray(peak) > 0, peak, 1)
    return np.clip(np.nan_to_num(maps.astype(np.float32)) * (255 / peak), 0, 255).astype(np.uint8)


def shown_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns worth showing: `prediction`, and those with any value.

    Classes are text, also where they have numbers for names; true/false with gaps becomes yes/no with gaps.
    """
    kept = frame.notna().any()
    kept["prediction"] = True
    shown = frame.loc[:, kept].copy()
    for name in shown.columns:
        if name in CLASSES:
            shown[name] = shown[name].astype("string")
        elif shown[name].dtype == "boolean":
            shown[name] = shown[name].astype("string").replace({"True": "yes", "False": "no"})
    return shown


def _column_spec(name: str, column: pd.Series) -> dict:
    if column.dtype == bool:
        return {"name": name, "kind": "boolean"}
    if pd.api.types.is_numeric_dtype(column):
        return {"name": name, "kind": "number"}
    values = sorted({str(value) for value in column.dropna()}, key=_counting)
    if name == "name" or (name not in CLASSES and len(values) > MAX_CATEGORIES):
        return {"name": name, "kind": "text"}
    return {"name": name, "kind": "category", "categories": values}


def _counting(text: str) -> tuple[bool, int, str]:
    """Sort key: numbers first and by size, then the other texts."""
    return (True, 0, text) if not text.isdecimal() else (False, int(text), "")


def _changes_only(report: Report) -> Report:
    last: list[tuple[str, float | None]] = []

    def changed(text: str, fraction: float | None) -> None:
        if last != [(text, fraction)]:
            last[:] = [(text, fraction)]
            report(text, fraction)

    return changed


# by id, which stays the recording's own for as long as its catalog holds it
_catalogs: weakref.WeakValueDictionary[int, Catalog] = weakref.WeakValueDictionary()


def catalog_of(recording: Recording) -> Catalog:
    """The one catalog that all views of a recording share."""
    catalog = _catalogs.get(id(recording))
    if catalog is None or catalog.comm is None:
        catalog = _catalogs[id(recording)] = Catalog(RecordingSource(recording))
    return catalog
