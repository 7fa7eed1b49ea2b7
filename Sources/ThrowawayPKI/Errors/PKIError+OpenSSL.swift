internal import OpenSSL

extension PKIError {
    /// OpenSSL's error when it refused a recipe that we had found to be in order.
    init(failureOf object: String, entry: String, _ error: OpenSSLError) {
        self.init(
            .openSSL,
            entry: entry,
            expected: "OpenSSL to make \(object)",
            found: "\(error)",
            nextStep: "check that the installed OpenSSL offers this algorithm"
        )
    }
}
