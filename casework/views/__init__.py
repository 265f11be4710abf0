"""The pages of every kind of case: one set for all (design, "One door")."""
