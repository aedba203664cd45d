"""A city's ten days in a minute: complaints from everywhere, departments as they are, all of it on a real stack."""
