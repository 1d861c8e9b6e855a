"""How fast people are alerted: commands over HTTP, the real process, the real servers, the stand-in providers."""
