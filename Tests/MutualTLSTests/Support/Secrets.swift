import Synchronization

@testable import MutualTLS
@testable import OpenSSL
@testable import OpenSSLMinting

/// The secrets of one connection, as a client's key log tells them.
final class Secrets: Sendable {
    private let lines = Mutex<[String: [UInt8]]>([:])

    var log: @Sendable (String) -> Void {
        { line in
            let fields = line.split(separator: " ").map(String.init)
            guard fields.count == 3 else { return }
            self.lines.withLock { $0[fields[0]] = [UInt8](hexadecimal: fields[2]) }
        }
    }

    /// Records under the secret of that label, from the first one on; TLS_AES_256_GCM_SHA384 is what both sides prefer.
    func records(_ label: String) throws -> HandshakeRecords {
        let secret = lines.withLock { $0[label] } ?? []
        guard let records = try HandshakeRecords(secret: secret, suite: 0x1302) else {
            preconditionFailure("a suite of TLS 1.3")
        }
        return records
    }
}

/// A flight as its records.
func records(of flight: [UInt8]) -> [[UInt8]] {
    var records: [[UInt8]] = []
    var rest = flight[...]
    while rest.count >= 5 {
        let length = 5 + Int(rest[rest.startIndex + 3]) << 8 + Int(rest[rest.startIndex + 4])
        records.append(Array(rest.prefix(length)))
        rest = rest.dropFirst(length)
    }
    return records
}
