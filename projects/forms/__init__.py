"""What people type about projects, their passports and change requests."""
