"""Fetches facts from the network and judges nothing: pages, and whether links are alive."""
