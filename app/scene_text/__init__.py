"""A scene as text and as a link: written, and read without being run."""
