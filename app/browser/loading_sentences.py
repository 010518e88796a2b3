"""The sentence that is shown while a page is loading, by the last part of its address."""

from surfaces.translatable import Translatable

PAGE_LOADING = Translatable("The page is loading…")  # of any other address
LOADING_SENTENCES = {
    "": Translatable("The race is loading…"),
    "race": Translatable("The race is loading…"),
    "lessons": Translatable("The lessons are loading…"),
    "maps": Translatable("The maps are loading…"),
    "gradient-check": Translatable("The gradient check is loading…"),
    "bug-hunt": Translatable("The bug hunt is loading…"),
    "training": Translatable("The training is loading…"),
    "training-log": Translatable("The training log is loading…"),
    "playlist": Translatable("The playlist is loading…"),
    "about": PAGE_LOADING,
}
