"""The published language of Samvirke: what the services tell each other and the world outside."""
