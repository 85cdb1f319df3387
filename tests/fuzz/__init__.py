"""Random bytes, guided by what they reach, at everything that reads what comes from outside."""
