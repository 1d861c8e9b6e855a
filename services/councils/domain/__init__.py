"""The rules of councils and plans: state, command and time in, a new state, an event or a refusal out."""
