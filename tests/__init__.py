"""The tests, beside what they test: app, model, and the real program in end_to_end."""
