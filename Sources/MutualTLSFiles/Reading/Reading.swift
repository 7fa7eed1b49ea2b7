/// What a reading of files has led to.
struct Reading<Value: Sendable>: Sendable {
    let value: Value
    let warnings: [FileWarning]
}
