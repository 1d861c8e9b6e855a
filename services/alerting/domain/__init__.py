"""The rules of alerting: who is on duty, what is sent to whom and when, and what an answer does."""
