"""`python -m bot keys`: makes keys for SECRET_KEY."""

from storage.secrets import new_key


def print_new_key() -> int:
    """Print a new key. The exit code is 0."""
    print(new_key())
    return 0
