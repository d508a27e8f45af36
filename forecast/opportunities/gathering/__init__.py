"""From what is stored to what the finder looks at, and back."""
