internal import ConformanceCatalogue
internal import Foundation
internal import MutualTLS
internal import OpenSSL
internal import OpenSSLMinting

/// The certificates of a plan with keys that are made for the rehearsal: what is intended is minted, and what is in
/// files is copied for other keys, so that no private key of anybody is needed.
struct CertificateMint {
    /// A certificate that can be presented and trusted.
    struct Made {
        var certificate: Certificate
        /// The key of the copy.
        var key: SigningKey
    }

    /// Entry to its certificates: one, or those of its file, the first first.
    private(set) var entries: [String: [Made]] = [:]

    /// The key of a copy, by the public key of its original.
    private var keys: [[UInt8]: SigningKey] = [:]
    /// The keys of issuers that the plan doesn't have, by their names.
    private var strangers: [[UInt8]: SigningKey] = [:]
    /// Subject, and the original of a file.
    private var originals: [X509Certificate] = []
    private var serial: UInt8 = 0
    private let plan: RotationPlan
    private let lifetime: ClosedRange<Int64>

    /// - Parameter now: the time at which a plan without times begins, in seconds since 1970.
    /// - Throws: ``RehearsalError`` for a file that can't be read, or whose keys can't be copied.
    init(_ plan: RotationPlan, now: Int64) throws {
        self.plan = plan
        let times = plan.stages.compactMap(\.at) + [now]
        lifetime = (times.min() ?? now) - 86_400...(times.max() ?? now) + 3650 * 86_400
        let files = try plan.certificates.compactMap { name, source -> (name: String, certificates: [Certificate])? in
            guard case .file(let path) = source else { return nil }
            return (name, try Self.read(path))
        }
        originals = files.flatMap { $0.certificates.map(\.x509) }
        for (name, certificates) in files { entries[name] = try certificates.map { try mirror($0.x509, of: name) } }
        for (name, _) in plan.certificates { _ = try mint(name) }
    }

    private static func read(_ path: String) throws -> [Certificate] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw RehearsalError("\(path) can't be read: name a PEM file with a certificate, a chain or a bundle")
        }
        do {
            return try Certificate.certificates(inPEM: [UInt8](data))
        } catch {
            throw RehearsalError("\(path): \(error.message)")
        }
    }

    private mutating func mirror(_ original: X509Certificate, of name: String) throws -> Made {
        let key = try key(of: original, name)
        let signer: SigningKey
        let issuer = originals.first {
            $0.subject.der == original.issuer.der && original.isSigned(byKeyOf: $0)
        }
        if let issuer {
            signer = try self.key(of: issuer, name)
        } else if let known = strangers[original.issuer.der] {
            signer = known
        } else {
            signer = try SigningKey(generating: .ec(curve: .p256))
            strangers[original.issuer.der] = signer
        }
        let copy = try X509Certificate(mirroring: original, for: key, signedBy: signer)
        return Made(certificate: try Certificate(der: copy.der), key: key)
    }

    private mutating func key(of original: X509Certificate, _ name: String) throws -> SigningKey {
        if let known = keys[original.publicKeyInfo] { return known }
        guard let kind = try EVPKey.Algorithm(of: original.publicKey()) else {
            throw RehearsalError(
                "\(name): a key of \(try original.publicKey().algorithmName) can't be rehearsed; RSA, P-256, P-384, P-521 "
                    + "and Ed25519 can"
            )
        }
        let made = try SigningKey(generating: kind.forRehearsal)
        keys[original.publicKeyInfo] = made
        return made
    }

    /// Makes an entry that is only intended, after those that sign it.
    private mutating func mint(_ name: String) throws -> Made? {
        if let made = entries[name] { return made.first }
        guard case .minted(let minted)? = plan.certificates.first(where: { $0.name == name })?.source else {
            return nil
        }
        let owner = try minted.keyOf.flatMap { try mint($0) }
        let issuer = try minted.issuer.flatMap { try mint($0) }
        let key = try owner?.key ?? SigningKey(generating: .ec(curve: .p256))
        serial += 1
        let subject = DistinguishedName(commonName: minted.subject)
        let template = CertificateTemplate(
            version: 3,
            serial: [0x40, serial],
            subject: subject,
            issuer: subject,
            notBefore: minted.notBefore ?? lifetime.lowerBound,
            notAfter: minted.notAfter ?? lifetime.upperBound,
            extensions: try extensions(minted, key, signer: issuer),
            digest: .sha256
        )
        let certificate = try X509Certificate(
            minting: template,
            for: key,
            signedBy: issuer?.key ?? key,
            issuedBy: issuer?.certificate.x509
        )
        let made = Made(certificate: try Certificate(der: certificate.der), key: key)
        entries[name] = [made]
        return made
    }

    private func extensions(
        _ minted: RotationPlan.Minted,
        _ key: SigningKey,
        signer: Made?
    ) throws -> [CertificateExtension] {
        let authority = signer?.certificate.x509.subjectKeyIdentifier ?? signer?.key.identifier ?? key.identifier
        var result: [CertificateExtension] = [
            .subjectKeyIdentifier(key.identifier), .authorityKeyIdentifier(authority),
        ]
        if minted.isAuthority {
            return result + [.basicConstraints(isCA: true, pathLength: nil), .keyUsage([.keyCertSign, .cRLSign])]
        }
        result += [
            .basicConstraints(isCA: false, pathLength: nil), .keyUsage([.digitalSignature]),
            .extendedKeyUsage(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]),
        ]
        let names = minted.names.map { name in addressBytes(name).map(GeneralName.ip) ?? .dns(name) }
        if !names.isEmpty { result.append(.subjectAlternativeName(names, isCritical: false)) }
        return result
    }
}

extension EVPKey.Algorithm {
    /// The same kind of key; no check tells 4,096 bits from 2,048, and making them takes a second.
    fileprivate var forRehearsal: EVPKey.Algorithm {
        switch self {
        case .ec, .ed25519: self
        case .rsa(let bits): .rsa(bits: min(bits, 2048))
        case .rsaPSS(let bits): .rsaPSS(bits: min(bits, 2048))
        }
    }
}

/// Why a plan can't be rehearsed, in a sentence that names the file or the entry.
package struct RehearsalError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    init(_ description: String) {
        self.description = description
    }
}
