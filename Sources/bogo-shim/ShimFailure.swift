/// Why a test failed on the shim's side: the sentence that the runner reads.
struct ShimFailure: Error, Equatable {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}
