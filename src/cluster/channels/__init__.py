"""Sales channels: orders of web shops and marketplaces in, tracking back."""
