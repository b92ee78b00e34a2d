"""The two ways in which reaching into a model can fail."""


class UnknownLayerError(LookupError):
    """A layer, or a call of a layer, that the model does not have."""


class ModelError(RuntimeError):
    """The model itself failed, or gave something that cannot be read as logits or as units."""
