"""The published language: what others read must not change under them."""
