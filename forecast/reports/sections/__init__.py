"""Parts that several reports share: each from facts to blocks of a document."""
