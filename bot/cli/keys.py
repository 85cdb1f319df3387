"""`python -m bot keys`: makes keys for SECRET_KEY."""

import secrets

KEY_BYTES = 32


def print_new_key() -> int:
    """Prints a new key: 43 characters that hold 256 bits of chance, without commas. The exit code is 0."""
    print(secrets.token_urlsafe(KEY_BYTES))
    return 0
