module countersign/benchmarks

go 1.19
