"""What could be saved at a site: findings with evidence, energy, power and money a year."""
