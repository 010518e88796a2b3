"""HTTP, websockets and the process, independent of any page."""
