"""Pages for browsers: one layout, Danish, strict about what may act on a page, and readable without any script."""
