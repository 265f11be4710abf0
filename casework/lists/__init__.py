"""Lists of cases and the notices that publicise them: what holds them back, where they lead, their papers."""
