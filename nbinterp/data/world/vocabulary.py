"""The concepts of the planted world, by category; the number of a concept in a label map is its position here.

Position 0 is "" in every category: nothing of that category is there. The categories "colour" (computed from the
pixels) and "scene" (the scene's class) are added where scenes are made.
"""

from __future__ import annotations

from .textures import PATTERNS

OBJECTS = (
    "", "sky", "cloud", "sun", "hill", "mountain", "ground", "grass", "sea", "lake", "pavement", "street", "wall",
    "floor", "tree", "palm", "bush", "fern", "flower", "deer", "cat", "gull", "butterfly", "fish", "starfish",
    "coral", "seaweed", "rock", "building", "shop", "house", "windmill", "lighthouse", "crane", "fence", "lamp",
    "shelf", "fruit", "crate", "sign", "awning", "sofa", "table", "picture", "rug", "plant", "curtain",
    "sailing boat", "ship", "pier", "container", "parasol", "towel", "ball", "island", "car", "train", "track",
    "tunnel", "signal", "plate", "food", "cup", "cutlery", "stove", "cupboard", "pot", "kettle", "snowflake",
    "wire", "cloth", "bubble",
)  # fmt: skip

PARTS = (
    "", "window", "door", "roof", "chimney", "facade", "gable", "sign", "board", "price tag", "highlight", "trunk",
    "crown", "branch", "stem", "leaf", "petal", "centre", "head", "body", "ear", "eye", "tail", "leg", "antler",
    "wing", "fin", "cap", "hull", "sail", "mast", "deck", "canopy", "pole", "wheel", "hubcap", "headlight",
    "bumper", "rail", "sleeper", "lamp", "handle", "burner", "rim", "blade", "shade", "cushion", "frame", "shadow",
    "lane marking", "foam", "cabin", "stripe", "snow cover", "sunlit side", "opening",
)  # fmt: skip

MATERIALS = (
    "", "brick", "plaster", "wood", "stone", "roof tile", "glass", "metal", "fabric", "grass", "foliage", "bark",
    "water", "sand", "snow", "asphalt", "gravel", "paving", "ceramic", "food", "fur", "paper", "rubber",
    "painted metal", "air", "light", "scales", "petals", "plastic", "feathers",
)  # fmt: skip

TEXTURES = ("", *sorted({name for name in PATTERNS.values() if name}))

NUMBER: dict[str, dict[str, int]] = {
    category: {name: number for number, name in enumerate(names)}
    for category, names in {"object": OBJECTS, "part": PARTS, "material": MATERIALS, "texture": TEXTURES}.items()
}
