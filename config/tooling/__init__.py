"""What runs the house: set-up, the supervisor of `make serve`, the suite, the checks, the bench's helpers."""
