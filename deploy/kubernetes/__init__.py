"""The same system in a cluster of Kubernetes: manifests that are written from what `make up` and compose run by."""
