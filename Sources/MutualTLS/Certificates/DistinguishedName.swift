internal import OpenSSL

/// A distinguished name of X.509 (RFC 5280 section 4.1.2.4).
public struct DistinguishedName: Sendable, Hashable {
    /// The DER encoding as it stood in the certificate or the message; equality is that of these bytes, as in Go.
    public let derBytes: [UInt8]
    /// The text of RFC 4514, for example `CN=alice,O=Example`.
    public let text: String

    let x509: X509Name

    init(_ name: X509Name) {
        x509 = name
        derBytes = name.der
        text = name.text
    }

    /// Decodes a name in DER that fills the bytes to their end, and throws
    /// ``MutualTLSError/Code/undecodableName`` for anything else.
    public init(der: [UInt8]) throws(MutualTLSError) {
        do {
            self.init(try X509Name(der: der))
        } catch {
            throw MutualTLSError(
                .undecodableName,
                "Expected a distinguished name in DER, found \(der.count) bytes that don't decode as one.",
                cause: error
            )
        }
    }

    /// Whether both have the same DER encoding.
    public static func == (left: DistinguishedName, right: DistinguishedName) -> Bool {
        left.derBytes == right.derBytes
    }

    /// Hashes the DER encoding.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(derBytes)
    }
}

extension DistinguishedName: CustomStringConvertible {
    /// At most a line of the text of RFC 4514, escaped for messages, or `(empty name)`.
    public var description: String { text.isEmpty ? "(empty name)" : "\(EscapedText(text))" }
}
