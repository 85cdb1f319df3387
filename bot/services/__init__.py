"""The use cases around PMI and personal link. They own the transactions and know nothing of Slack."""
