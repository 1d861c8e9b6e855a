"""The system in containers, tried on a machine that has an engine: `python -m tests.deploy`."""
