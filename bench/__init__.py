"""Benchmarks: ratios from one run on one machine, never absolute claims (`make bench`)."""
