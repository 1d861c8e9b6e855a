"""A stand-in for the national register: invented families in invented streets. For demonstrations and tests only."""
