"""Panels by what they show; boards for desks and for phones are put together from them."""
