"""The Python end of the wire to the browser: components, messages, files, and what the player is told."""
