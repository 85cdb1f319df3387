"""Small mistakes, made on purpose in what must not be wrong: some test must find each of them."""
