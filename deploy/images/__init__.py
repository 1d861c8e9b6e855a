"""The same system in containers: one image a service, and the compose file that is made from the Procfile."""
