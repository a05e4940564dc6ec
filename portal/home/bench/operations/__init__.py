"""The operations to measure, one module for each part of the house; every module here is imported."""
