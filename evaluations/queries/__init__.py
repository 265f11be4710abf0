"""What rounds and evaluations are asked, each in a bounded number of queries."""
