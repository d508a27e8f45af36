"""Which day is of which kind: public holidays, make-up workdays, a customer's own shutdowns."""
