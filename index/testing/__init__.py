"""For those who write a part of Quoth themselves: contracts as tests, and small parts to test with."""
