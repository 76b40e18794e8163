"""Views for the dashboard, figures over time and reports; writes no table but its figures."""
