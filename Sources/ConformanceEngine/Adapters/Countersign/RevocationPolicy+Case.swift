internal import Conformance
internal import MutualTLS

extension RevocationPolicy {
    init(_ mode: RevocationMode, _ lists: [[UInt8]]) throws(AdapterError) {
        self = try settingUp { () throws(MutualTLSError) in
            var decoded: [CertificateRevocationList] = []
            for der in lists {
                decoded.append(try CertificateRevocationList(der: der))
            }
            return switch mode {
            case .off: .off
            case .leaf: .leaf(decoded)
            case .chain: .chain(decoded)
            }
        }
    }
}
