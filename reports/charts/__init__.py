"""Figures drawn as SVG and PNG, without a browser."""
