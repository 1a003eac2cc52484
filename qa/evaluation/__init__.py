"""Evaluation: answers a file of questions, and measures the answers against judgements."""
