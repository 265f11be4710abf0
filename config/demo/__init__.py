"""The demo world's cases: walked through the real door with the clock turned back (design, "What must never be")."""
