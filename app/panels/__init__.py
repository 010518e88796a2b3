"""The widgets beside the picture, made from the makers' signatures; each change of them is a change of the scene."""
