"""UMAP in a process of its own, started by `nbinterp.analyses.embedding.umap`.

Reads `features.npy` (`N × units`) from the folder it is given and writes `xy.npy` (`N × 2`, float32) there;
progress goes to standard error, as umap-learn prints it. Run as a file, not as a module: it needs nothing of
nbinterp, and importing the package would take seconds.
"""

import os
import sys
import threading
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np


def end_with_parent() -> None:
    """End this process when standard input closes: the parent holds the other end and has gone."""
    os.read(0, 1)
    os._exit(1)


def main(folder: Path, neighbours: int, seed: int) -> None:
    """Embed the features found in `folder`."""
    with redirect_stdout(sys.stderr):
        from umap import UMAP

        model = UMAP(n_neighbors=neighbours, random_state=seed, n_jobs=1, verbose=True, tqdm_kwds={"file": sys.stderr})
        xy = model.fit_transform(np.load(folder / "features.npy"))
    np.save(folder / "xy.npy", np.asarray(xy, dtype=np.float32))


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
