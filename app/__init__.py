"""The desktop app: what a person sees, and the workers behind it."""
