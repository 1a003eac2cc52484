"""Changes to the library made in the form."""
