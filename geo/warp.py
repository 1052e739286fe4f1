"""A smooth, invertible bending of the plane that makes straight lines look drawn by nature."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_WAVES = 5


@dataclass(frozen=True)
class Warp:
    """Plane waves of several lengths; see :func:`make_warp`."""

    vectors: Floats
    phases: Floats
    amplitudes: Floats

    def __call__(self, points: Floats, strength: Floats | float = 1.0) -> Floats:
        """Bend ``points`` (n, 2) in metres; ``strength`` scales the shift, one per point."""
        scale = np.broadcast_to(np.asarray(strength, float), points.shape[:1])
        moved = points.astype(float).copy()
        for vector, phase, amplitude in zip(
            self.vectors, self.phases, self.amplitudes, strict=True
        ):
            angle = points @ vector
            moved[:, 0] += scale * amplitude * np.sin(angle + phase[0])
            moved[:, 1] += scale * amplitude * np.sin(angle + phase[1])
        return moved


def make_warp(
    rng: np.random.Generator,
    *,
    lengths: tuple[float, ...] = (1500.0, 700.0, 320.0, 150.0, 70.0),
    share: float = 0.024,
) -> Warp:
    """Make a warp of the given wave lengths in metres.

    A wave of length L shifts by ``share`` * L (root mean square). Each length adds
    2 pi * share to the gradient; as long as the whole stays well below 1 no two points fall
    together, so a coverage that is densified and then bent remains a coverage.
    """
    vectors, phases, amplitudes = [], [], []
    for length in lengths:
        heading = rng.uniform(0, 2 * np.pi, _WAVES)
        k = 2 * np.pi / (length * rng.uniform(0.8, 1.25, _WAVES))
        vectors.append(np.column_stack([k * np.cos(heading), k * np.sin(heading)]))
        phases.append(rng.uniform(0, 2 * np.pi, (_WAVES, 2)))
        amplitudes.append(np.full(_WAVES, share * length * np.sqrt(2 / _WAVES)))
    return Warp(np.concatenate(vectors), np.concatenate(phases), np.concatenate(amplitudes))
