"""What concerns HTTP, websockets and the process alone, and no page."""
