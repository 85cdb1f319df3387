"""The commands of `python -m bot`, one module for each noun: they print, and answer with an exit code."""
