"""Plotly figures of results."""

from __future__ import annotations

import html

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from nbinterp.render.colors import CATEGORICAL


def literal(text: object) -> str:
    """A text that plotly shows as it is: it would read tags and entities in it, and a formula between dollar signs."""
    return html.escape(str(text), quote=False).replace("$", "&#36;")


def embedding_figure(xy: np.ndarray, frame: pd.DataFrame, *, color_by: str, title: str) -> go.Figure:
    """Scatter of `N × 2` coordinates, one trace per value of a text column, a colour scale for a number column.

    Args:
        xy: coordinates; NaN rows are not drawn.
        frame: one row an image; `name` is shown on hover.
        color_by: a column of `frame`; any other text gives one colour.
        title: of the figure.
    """
    figure = go.Figure()
    names = frame["name"].map(literal)
    hover = {"text": names, "hovertemplate": "%{text}<extra>%{fullData.name}</extra>"}
    if color_by in frame and pd.api.types.is_numeric_dtype(frame[color_by]) and frame[color_by].dtype != bool:
        marker = {"color": frame[color_by], "colorscale": "Viridis", "colorbar": {"title": literal(color_by)}}
        figure.add_scatter(x=xy[:, 0], y=xy[:, 1], mode="markers", marker=marker, name=literal(color_by), **hover)
    else:
        values = (
            frame[color_by].astype("string").fillna("none") if color_by in frame else pd.Series("image", frame.index)
        )
        for i, value in enumerate(sorted(values.unique())):
            rows = (values == value).to_numpy()
            figure.add_scatter(
                x=xy[rows, 0],
                y=xy[rows, 1],
                mode="markers",
                name=literal(value),
                marker={"color": CATEGORICAL[i % len(CATEGORICAL)]},
                text=names[rows],
                hovertemplate=hover["hovertemplate"],
            )
    axes = {"showticklabels": False, "zeroline": False}
    axis = {**axes, "scaleanchor": "x"}
    return figure.update_layout(title=literal(title), xaxis=axes, yaxis=axis, legend_title=literal(color_by))
