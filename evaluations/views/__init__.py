"""Pages with addresses of their own."""
