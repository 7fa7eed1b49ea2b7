package import ConformanceModel

/// How the harness drives a stack, where that decides which outcome can be right.
package struct StackTraits: Hashable, Sendable {
    /// Whether the stack, as driven here, presents a certificate with a key that does not belong to it.
    ///
    /// An honest stack refuses such a credential before any byte; a peer that is told to present it all the same
    /// puts the proof of possession of the other side to the test.
    package var presentsMismatchedKeys: Bool

    /// Whether the stack can tell of a resumed connection that its peer was verified in the full handshake.
    ///
    /// One that keeps no such fact with a session reports nobody as verified, which is no lie and no proof either.
    package var remembersVerification: Bool

    /// Whether the stack, told to present its certificate, ends a handshake of TLS 1.2 that doesn't ask for its key.
    package var givesUpUnaskedKeys: Bool

    package static func of(_ stack: Stack) -> StackTraits {
        StackTraits(
            presentsMismatchedKeys: stack == .gnutls,
            remembersVerification: stack != .gnutls,
            givesUpUnaskedKeys: stack == .gnutls
        )
    }
}
