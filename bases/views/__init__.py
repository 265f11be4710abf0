"""Pages of this room: agreements, bases, the partner's page, the coverage report."""
