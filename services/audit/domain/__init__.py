"""The rules of audit: the chain and its tree, notes, closings, what may be withheld, the clock of a breach."""
