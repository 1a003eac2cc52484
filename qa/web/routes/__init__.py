"""HTTP routes outside Gradio, and the named endpoints of the Gradio API."""
