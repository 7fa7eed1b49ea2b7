module standard

go 1.19
