"""One module for each step of the schema, with plain SQLAlchemy types."""
