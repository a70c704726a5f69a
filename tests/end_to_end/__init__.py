"""The whole program, from a voice to pictures."""
