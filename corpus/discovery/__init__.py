"""Find the files and records to read under the paths a user names."""
