"""A scene as programs that run elsewhere: text in Python, made of checked words and numbers only."""
