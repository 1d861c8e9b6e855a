"""How Samvirke is run: the local stack, images, and stand-ins for outside systems."""
