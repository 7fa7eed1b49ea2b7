internal import MutualTLS
internal import OpenSSL
internal import OpenSSLMinting
internal import Synchronization

/// Certificates and keys that were decoded lately, by their DER.
///
/// OpenSSL 3.0 looks its decoders up at each decoding, so that these are most of setting a side up; and a case has the
/// same root in two pools and everything once more in its positive control.
final class DecodedObjects: Sendable {
    private struct Kept {
        var certificates: [[UInt8]: Certificate] = [:]
        var keys: [[UInt8]: PrivateKey] = [:]
    }

    private let kept = Mutex(Kept())

    /// A key that does not match is refused by the library. A broken signature is that of a signer of the application's
    /// own, as any user may have one.
    func identity(_ credential: Credential, _ alteration: LibraryAlteration) throws(AdapterError) -> Identity {
        try settingUp { () throws(MutualTLSError) in
            let chain = try certificates(credential.chain)
            var key = try privateKey(credential.privateKey)
            if let leaf = chain.first {
                key = try alteration.privateKey(key, leaf)
                if credential.corruptsSignature {
                    let der = credential.privateKey
                    key = try PrivateKey(for: leaf) { digest in
                        try EVPKey(privateKeyDER: der).corruptSignature(ofDigest: digest)
                    }
                }
            }
            return try Identity(chain: chain, privateKey: key)
        }
    }

    func pool(_ ders: [[UInt8]]) throws(AdapterError) -> CertificatePool {
        try settingUp { () throws(MutualTLSError) in CertificatePool(try certificates(ders)) }
    }

    private func certificates(_ ders: [[UInt8]]) throws(MutualTLSError) -> [Certificate] {
        var certificates: [Certificate] = []
        for der in ders {
            certificates.append(try certificate(der))
        }
        return certificates
    }

    private func certificate(_ der: [UInt8]) throws(MutualTLSError) -> Certificate {
        if let known = kept.withLock({ $0.certificates[der] }) { return known }
        let decoded = try Certificate(der: der)
        kept.withLock { kept in
            if kept.certificates.count >= Self.limit { kept.certificates = [:] }
            kept.certificates[der] = decoded
        }
        return decoded
    }

    private func privateKey(_ der: [UInt8]) throws(MutualTLSError) -> PrivateKey {
        if let known = kept.withLock({ $0.keys[der] }) { return known }
        let decoded = try PrivateKey(der: der)
        kept.withLock { kept in
            if kept.keys.count >= Self.limit { kept.keys = [:] }
            kept.keys[der] = decoded
        }
        return decoded
    }

    /// More than any case has; what earlier cases left is let go of all at once.
    private static let limit = 64
}
