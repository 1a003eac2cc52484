// What the tabs of batches and of the library need beyond Gradio.
