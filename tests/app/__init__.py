"""The app, driven with real widgets and real events."""
