internal import MutualTLS

extension MutualTLSFilesError {
    /// What the library says about a file's content, with the file's path in front.
    init(content error: MutualTLSError, of paths: [String], expected: String) {
        guard error.code != .emptyInput else {
            self.init(
                .empty,
                at: paths,
                expected: "\(expected) in PEM",
                found: "an empty file",
                nextStep: "Write the file again; a program that fills it may still be at work.",
                cause: error
            )
            return
        }
        self.init(
            Code(rawValue: error.code.rawValue),
            at: paths,
            [error.message, MutualTLSFilesError.nextStep(for: error.code)].compactMap { $0 }.joined(separator: " "),
            cause: error
        )
    }

    /// What to do about the errors whose own message doesn't say it.
    private static func nextStep(for code: MutualTLSError.Code) -> String? {
        switch code {
        case .undecodableKey: "Export the key again."
        case .severalFound: "Leave one in the file."
        case .wrongPassphrase: "Check the passphrase."
        default: nil
        }
    }
}
