"""Edition beside edition: which sections correspond, what changed in them, which figures moved, a topic over time."""
