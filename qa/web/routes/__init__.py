"""The pages and endpoints of the form outside Gradio."""
