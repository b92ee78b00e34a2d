"""A plotly figure of images."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from nbinterp.render.figures import literal
from nbinterp.render.visualizations import png


def images_figure(images: np.ndarray, titles: Sequence[str], *, title: str, columns: int = 6) -> go.Figure:
    """Images in a grid, each with a title above.

    Args:
        images: `n × channels × height × width` in [0, 1], at least one.
        titles: one for each.
        title: of the figure.
        columns: images in a row at most.
    """
    columns = min(columns, len(images))
    rows = math.ceil(len(images) / columns)
    gap = min(0.12, 0.3 / rows)
    figure = make_subplots(
        rows, columns, subplot_titles=[literal(text) for text in titles], horizontal_spacing=0.02, vertical_spacing=gap
    )
    for place, image in enumerate(images):
        row, column = divmod(place, columns)
        source = f"data:image/png;base64,{base64.b64encode(png(image)).decode()}"
        figure.add_trace(go.Image(source=source, hoverinfo="skip"), row=row + 1, col=column + 1)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure.update_layout(
        title=literal(title), height=90 + 210 * rows, margin={"l": 10, "r": 10, "t": 80, "b": 10}
    )
