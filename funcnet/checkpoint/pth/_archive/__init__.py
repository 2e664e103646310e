"""The zip archive of a .pth file, and the legacy format."""
