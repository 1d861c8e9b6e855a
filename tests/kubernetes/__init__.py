"""Whether clusters take the manifests: judged offline, and the judges are shown to refuse."""
