"""What every folder of the platform stands on; no word of the trade in here."""
