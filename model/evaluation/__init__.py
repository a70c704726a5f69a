"""Measures of a weight set: do its pictures fit their words, differ from each other, and are they sharp?"""
