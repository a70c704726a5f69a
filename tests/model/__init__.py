"""Tests of the networks, their data, their training and their measures."""
