"""What may end a base from outside: incidents and withdrawals, from their beginning to what follows of them."""
