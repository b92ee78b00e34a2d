"""A run that makes images at the word of a test: what a gallery shows before, and without, any network."""

import time

import numpy as np
import pandas as pd

from nbinterp.widgets.gallery_requests import RunRequest


class Moment:
    def __init__(self, images: np.ndarray, status: list[str]) -> None:
        self.images, self.status = images, status


class FakeRun:
    """Coloured stripes that grow brighter step by step; every unit has a colour of its own."""

    def __init__(self, units=range(4), layer="stage4", *, n_images=1, size=(40, 56), steps=10, batch=None, seconds=0.0):
        self.unit_of = [int(unit) for unit in units for _ in range(n_images)]
        self.layer, self.n_images, self.size, self.steps, self.seconds = layer, n_images, size, steps, seconds
        n = len(self.unit_of)
        self.rows = [slice(first, min(n, first + (batch or n))) for first in range(0, n, batch or n)]
        self.state, self.step, self.batch = "waiting", 0, 0
        self.message, self.error, self.can_resume = "", None, True
        self.dead: set[int] = set()
        self.stops = self.resumed = 0
        self.listeners: list = []

    def __len__(self):
        return len(self.unit_of)

    def __repr__(self):
        return f"FakeRun({len(self)} images, {self.state})"

    @property
    def batches(self):
        return len(self.rows)

    @property
    def forming(self):
        return self.rows[min(self.batch, len(self.rows) - 1)]

    def brightness(self, i):
        done = self.status()[i] == "done"
        forming = self.forming.start <= i < self.forming.stop
        return 1.0 if done else self.step / self.steps if forming else 0.0

    def status(self):
        def of(number):
            if number < self.batch or self.state == "done":
                return "done"
            return "forming" if number == self.batch and self.step > 0 else "waiting"

        return [of(number) for number, rows in enumerate(self.rows) for _ in range(rows.start, rows.stop)]

    def preview(self, rows=None):
        wanted = range(len(self))[slice(None) if rows is None else rows]
        height, width = self.size
        images = np.full((len(wanted), 3, height, width), 0.5, np.float32)
        y, x = np.mgrid[:height, :width]
        for place, i in enumerate(wanted):
            waves = 0.5 + 0.5 * np.sin((x * (1 + i % 3) + y * (i % 5)) / 6 + i)
            hue = np.array([(i * 37) % 100, (i * 61 + 30) % 100, (i * 83 + 60) % 100])[:, None, None] / 100
            images[place] += self.brightness(i) * (hue * waves - 0.5 * waves).astype(np.float32)
        return Moment(np.clip(images, 0, 1), [self.status()[i] for i in wanted])

    def facts(self):
        status = self.status()
        scored = [s == "done" or (s == "forming" and self.state == "stopped") for s in status]
        n = len(self)
        numbers = np.arange(n, dtype=np.float64)
        blank = np.where(scored, 0, np.nan)
        return pd.DataFrame(
            {
                "layer": [self.layer] * n,
                "unit": np.array(self.unit_of),
                "group": np.arange(n) // self.n_images,
                "title": [f"unit {unit} of {self.layer}" for unit in self.unit_of],
                "activation": 3 + numbers / 7 + blank,
                "percentile": np.minimum(99.96, 96 + numbers) + blank,
                "survival": 0.91 - numbers / 50 + blank,
                "agreement": 0.5 + numbers / 60 + blank,
                "judged": [f"class {i}" if known else None for i, known in enumerate(scored)],
                "dead": [unit in self.dead for unit in self.unit_of],
                "note": ["" if known else "not begun" for known in scored],
            }
        )

    def on_change(self, callback):
        self.listeners.append(callback)
        return lambda: self.listeners.remove(callback) if callback in self.listeners else None

    def tell(self):
        for listener in list(self.listeners):
            listener()

    def to(self, step, batch=0, state="running"):
        """Be at a step of a batch."""
        self.step, self.batch, self.state = step, batch, state
        self.tell()
        return self

    def finish(self):
        return self.to(self.steps, len(self.rows) - 1, "done")

    def fail(self, error):
        self.error = error
        return self.to(self.step, self.batch, "failed")

    def stop(self):
        self.stops += 1
        if self.state in ("waiting", "running"):
            self.to(self.step, self.batch, "stopped")

    def resume(self, steps=None):
        self.resumed += 1
        self.steps += steps or 0
        self.to(self.step, self.batch, "running")

    def wait(self, progress=True):
        while self.state in ("waiting", "running"):
            time.sleep(0.01)
        return self


class FakeRunner:
    """Starts fake runs and remembers what was asked for."""

    def __init__(self, **options):
        self.options = options
        self.requests: list[RunRequest] = []
        self.runs: list[FakeRun] = []

    def choices(self):
        recipes = [("quick", 128, "for CPUs"), ("lucid", 512, "Lucid's default")]
        return {
            "layers": [{"name": "stage3", "n_units": 96}, {"name": "stage4", "n_units": 96}],
            "recipes": [{"name": name, "steps": steps, "note": note} for name, steps, note in recipes],
            "defaults": {"layer": "stage4", "units": "0-3", "n_images": 1, "recipe": "quick", "steps": None},
        }

    def start(self, request):
        if request.recipe == "refused":
            raise ValueError("there is no recipe 'refused'")
        self.requests.append(request)
        run = FakeRun(
            request.units, request.layer, n_images=request.n_images, steps=request.steps or 10, **self.options
        )
        self.runs.append(run)
        return run
