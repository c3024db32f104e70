class LaunchError(Exception):
    """Something a person can mend; its text says what."""
