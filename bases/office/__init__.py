"""The office over the bases: its page with task list and records, and how it comes to be there."""
