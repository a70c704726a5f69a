"""Photographs and captions: reading, cropping, batching."""
