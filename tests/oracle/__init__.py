"""The arithmetic of the scorecard once more: slow, plain and obvious, to compare the product with."""
