"""The schema's history. Nothing here imports the tables but to compare: a revision says what it did for good."""
