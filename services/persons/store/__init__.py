"""What persons keeps and where: the people and their texts, the keys in a database of their own, and the register."""
