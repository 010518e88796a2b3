"""The panel beside the picture, made from the makers' signatures; every change of it is a change of the scene."""
