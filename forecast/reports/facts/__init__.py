"""What reports stand on: storage reads, a module each, under the role of whoever asks."""
