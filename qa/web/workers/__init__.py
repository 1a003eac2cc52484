"""Run questions and long tasks in child processes."""
