"""The painter's network, its training and its measures."""
