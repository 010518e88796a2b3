"""Lessons: scenes, a question about them, and facts measured from their runs; the texts are files of their own."""
