"""A made-up enterprise, 启明石化公司, the same at every run; also the seed of the benchmark, at any size."""
