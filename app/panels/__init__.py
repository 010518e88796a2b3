"""The widgets beside the picture, which change the scene; many are generated from the makers' signatures."""
