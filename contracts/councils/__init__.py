"""The published language of councils: kredsraad, lokalraad and their plan."""
