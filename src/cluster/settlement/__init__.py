"""What each member pays, and why it is fair."""
