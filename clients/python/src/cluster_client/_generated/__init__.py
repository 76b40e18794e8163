"""What deploy/generate_client.py writes; do not edit."""
