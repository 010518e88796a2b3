"""The widgets beside the picture, made from the makers' signatures; each of them changes the scene."""
