"""Plans shared vehicle routes and splits their cost; knows no platform, no network and no calendar (README.md)."""
