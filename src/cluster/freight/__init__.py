"""Freight audit: carriers' invoices against tour, tariff and what was agreed; what is accepted of them."""
