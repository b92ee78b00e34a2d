"""The schedules of multifaceted feature visualization: octaves, step sizes and denoising, as data.

Nguyen, Yosinski, Clune, "Multifaceted Feature Visualization", arXiv:1602.03616, with the numbers of the code published
with it: "tv" begins at a facet's mean image, "centre" lets a blurry whole form and then refines its centre.
"paper" keeps steps and denoising (100 iterations, from nothing). "quick" makes a quarter of the steps of "tv" and half
of those of "centre", and each denoising goes on from the state of the last with 10 iterations. With a quarter, "centre"
does not get to its class: its first phases climb a probability that is near 0 under strong smoothing, slowly
(SqueezeNet 1.1, church: 0.01 and 0.08 after 132 steps, and no more with exact denoising; 0.92 and 0.97 after 265; 1.00
after all 530).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from nbinterp.kernels.total_variation import GREY_LEVELS

QUICK_ITERATIONS = 10


@dataclass(frozen=True)
class Octave:
    """A stretch of steps on a canvas of one size; weight and step go linearly from their first to their last value.

    Attributes:
        zoom: by how much the canvas grows before it.
        steps: how many.
        window: standard deviation of the window's place, as a share of the room there is.
        margin: of the window's border that gets no gradient, in pixels of a window of 227.
        weight: of fidelity in denoising, for grey levels 0–255: the smaller, the smoother.
        step: mean change of a pixel, in grey levels.
        probability: whether the class probability is maximized, instead of the activation.
    """

    zoom: float
    steps: int
    window: float
    margin: int
    weight: tuple[float, float]
    step: tuple[float, float]
    probability: bool = False


@dataclass(frozen=True)
class Schedule:
    """Octaves, and how each step is denoised.

    Attributes:
        name: what it is called.
        octaves: in their order.
        iterations: of the denoising, at most.
        warm: whether a denoising goes on from the state of the last.
        quick_share: the quick variant makes one of so many steps.
    """

    name: str
    octaves: tuple[Octave, ...]
    iterations: int = 100
    warm: bool = False
    quick_share: int = 4

    @property
    def tolerance(self) -> float:
        """Change at which a denoising ends early; 0 to make all iterations, where they are few."""
        return 0.0 if self.warm else 1e-3 / GREY_LEVELS

    @property
    def steps(self) -> int:
        """Of all octaves."""
        return sum(octave.steps for octave in self.octaves)

    def at(self, step: int) -> tuple[int, float]:
        """Which octave a step is in, and how far: 0 up to 1; after the last step, the end of the last octave."""
        for number, octave in enumerate(self.octaves):
            if step < octave.steps:
                return number, step / octave.steps
            step -= octave.steps
        return len(self.octaves) - 1, 1.0

    def quick(self) -> Schedule:
        """The same octaves in fewer steps, denoised with few iterations from the state of the last."""
        octaves = tuple(
            replace(octave, steps=max(1, round(octave.steps / self.quick_share))) for octave in self.octaves
        )
        return Schedule(f"{self.name}-quick", octaves, QUICK_ITERATIONS, warm=True)


TV = Schedule(
    "tv",
    (
        Octave(1.0, 190, 0.3, 0, (0.4, 0.4), (1, 2)),
        Octave(1.2, 150, 0.3, 0, (0.01, 2), (1, 1)),
        Octave(1.0, 20, 0.2, 50, (0.1, 2), (2, 2)),
        Octave(1.0, 10, 0.3, 0, (0.4, 2), (2, 2)),
    ),
)
CENTRE = Schedule(
    "centre",
    (
        Octave(1.0, 190, 0.3, 0, (0.001, 0.05), (11, 11), probability=True),
        Octave(1.2, 150, 0.3, 0, (0.01, 0.08), (6, 6), probability=True),
        Octave(1.2, 150, 0.3, 0, (0.01, 2), (1, 1)),
        Octave(1.0, 30, 0.1, 50, (0.1, 2), (3, 3)),
        Octave(1.0, 10, 0.3, 0, (0.01, 2), (6, 3)),
    ),
    quick_share=2,
)
SCHEDULES = {schedule.name: schedule for schedule in (TV, CENTRE)}
