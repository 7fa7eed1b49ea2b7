module catch

go 1.19
