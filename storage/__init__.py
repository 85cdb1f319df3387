"""What Standing Room remembers: tables, statements, transactions, migrations, sealed values.

Nothing here knows Slack, texts or rules, and nothing here imports `bot`.
"""
