"""What every room stands on; nothing here knows what the application is about."""
