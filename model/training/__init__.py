"""DAMSM and GAN training."""
