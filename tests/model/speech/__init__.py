"""Tests of reading and batching photos."""
