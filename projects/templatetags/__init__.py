"""What templates may say: Russian numbers and dates, and the components of the interface."""
