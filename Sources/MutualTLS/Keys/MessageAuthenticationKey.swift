internal import OpenSSL

/// A shared secret that messages are authenticated with: HMAC with SHA-256 (RFC 2104).
///
/// Its description never shows the secret.
package struct MessageAuthenticationKey: Sendable {
    private let secret: [UInt8]

    package init(_ secret: [UInt8]) {
        self.secret = secret
    }

    /// The code of a message in 64 lower-case hexadecimal digits.
    package func code(of message: [UInt8]) -> String {
        hexadecimal(hmacSHA256(message, key: secret))
    }

    /// Whether the text is the code of the message, compared in constant time.
    package func isCode(_ text: String, of message: [UInt8]) -> Bool {
        isEqualInConstantTime(Array(text.utf8), Array(code(of: message).utf8))
    }
}

extension MessageAuthenticationKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "a shared secret of \(secret.count) bytes" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
