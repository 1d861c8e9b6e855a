"""The published language of persons: who is who, by opaque id."""
