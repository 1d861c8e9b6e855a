"""One play of the story: what it left behind, and then what is left after everybody in it was shredded."""
