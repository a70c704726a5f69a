"""What the offline recogniser knows of bird descriptions: which words follow which, and how each is spoken."""
