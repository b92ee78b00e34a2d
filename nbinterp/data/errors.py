"""What a probe set raises when one of its images cannot be used."""

from __future__ import annotations


class ImageError(ValueError):
    """One image cannot be read, converted or prepared; the message names it and says what to do."""


class MaskError(ImageError):
    """The label map of one image cannot be read, or does not fit the image or the concept names."""
