internal import Conformance
internal import MutualTLS

extension RevocationPolicy {
    init(_ mode: RevocationMode, _ lists: RevocationListManager) {
        self =
            switch mode {
            case .off: .off
            case .leaf: .leaf(from: lists)
            case .chain: .chain(from: lists)
            }
    }
}

/// Revocation lists of a case, from DER.
func decodedRevocationLists(_ lists: [[UInt8]]) throws(AdapterError) -> [CertificateRevocationList] {
    try settingUp { () throws(MutualTLSError) in
        var decoded: [CertificateRevocationList] = []
        for der in lists {
            decoded.append(try CertificateRevocationList(der: der))
        }
        return decoded
    }
}
