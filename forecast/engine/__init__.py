"""How the product's own models reckon: features, experts, their combination and its spread."""
