"""Lessons: a scene, a question about it, and what its runs show; the words are beside it, a file a language."""
