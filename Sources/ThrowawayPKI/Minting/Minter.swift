internal import OpenSSL
internal import OpenSSLMinting
internal import Synchronization

/// Mints the entries of one recipe; keeps the keys, since entries sign each other and share keys.
struct Minter {
    private let resolved: ResolvedRecipe
    private let pool: KeyPool
    private let adopted: [String: AdoptedAuthority]
    /// By the index of the entry that owns the key.
    private var keys: [SigningKey?]

    init(resolved: ResolvedRecipe, pool: KeyPool, adopted: [String: AdoptedAuthority]) {
        self.resolved = resolved
        self.pool = pool
        self.adopted = adopted
        keys = Array(repeating: nil, count: resolved.entries.count)
    }

    mutating func mint(entry index: Int) throws(PKIError) -> PKIEntity {
        let entry = resolved.entries[index]
        if let adopted = adopted[entry.recipe.name] { return try entity(entry, adopted) }
        let key = try self.key(ofEntry: index)
        let signer = try entry.issuer.map { (issuer) throws(PKIError) in try self.key(ofEntry: issuer) } ?? key
        var template = entry.template
        if template.version == 3 {
            // RFC 5280 sections 4.2.1.1 and 4.2.1.2: they tell apart two CAs of one name.
            template.extensions.append(.subjectKeyIdentifier(try identifier(ofEntry: index)))
            if let issuer = entry.issuer {
                template.extensions.append(.authorityKeyIdentifier(try identifier(ofEntry: issuer)))
            }
        }
        if let twin = entry.serialTwin {
            template.serial =
                adopted[resolved.entries[twin].recipe.name]?.certificate.serialNumber
                ?? resolved.entries[twin].template.serial
        }
        do {
            // The issuer's key is vouched for by its kind, its identifier and its name alone.
            let hand = entry.recipe.isForged ? try SigningKey(generating: signer.algorithm) : signer
            var certificate = try X509Certificate(
                minting: template,
                for: key,
                signedBy: hand,
                // A self-signed impostor issues itself.
                issuedBy: adoptedName(ofEntry: entry.issuer ?? index),
                named: adoptedName(ofEntry: index)
            )
            switch entry.recipe.signatureFault {
            case .corrupt: certificate = try certificate.replacingSignature(with: nil)
            case .zero: certificate = try certificate.replacingSignature(with: Self.zeroSignature)
            case nil: break
            }
            return try PKIEntity(
                name: entry.recipe.name,
                issuerName: entry.recipe.issuer,
                serial: template.serial,
                certificate: certificate,
                key: key
            )
        } catch {
            throw PKIError(failureOf: "the certificate", entry: entry.recipe.name, error)
        }
    }

    /// The adopted certificate whose subject an entry bears, as itself or as an impostor.
    private func adoptedName(ofEntry index: Int) -> X509Certificate? {
        adopted[resolved.entries[resolved.entries[index].subjectTwin ?? index].recipe.name]?.certificate
    }

    /// The key identifier that an entry claims.
    private mutating func identifier(ofEntry index: Int) throws(PKIError) -> [UInt8] {
        try key(ofEntry: resolved.entries[index].identifierTwin ?? index).identifier
    }

    /// SEQUENCE { INTEGER 0, INTEGER 0 }
    private static let zeroSignature: [UInt8] = [0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00]

    private func entity(
        _ entry: ResolvedRecipe.Entry,
        _ adopted: AdoptedAuthority
    ) throws(PKIError) -> PKIEntity {
        do {
            return try PKIEntity(
                name: entry.recipe.name,
                issuerName: entry.recipe.issuer,
                serial: adopted.certificate.serialNumber,
                certificate: adopted.certificate,
                key: adopted.key
            )
        } catch {
            throw PKIError(failureOf: "the adopted certificate", entry: entry.recipe.name, error)
        }
    }

    mutating func mint(list: ResolvedRecipe.List) throws(PKIError) -> [UInt8] {
        let issuerKey = try key(ofEntry: list.issuer)
        let signer = try key(ofEntry: list.signer)
        var template = list.template
        // A forged list claims to come from the issuer in this too.
        template.extensions.insert(.authorityKeyIdentifier(issuerKey.identifier), at: 0)
        do {
            return try template.mint(signedBy: signer)
        } catch {
            throw PKIError(failureOf: "the revocation list", entry: list.recipe.name, error)
        }
    }

    private mutating func key(ofEntry index: Int) throws(PKIError) -> SigningKey {
        let owner = resolved.entries[index].keyOwner
        if let known = keys[owner] { return known }
        let entry = resolved.entries[owner]
        if let adopted = adopted[entry.recipe.name] { return adopted.key }
        do {
            let type = entry.recipe.key
            let key =
                type.isPooled
                ? try pool.key(type, index: entry.poolIndex)
                : try SigningKey(generating: type.algorithm)
            keys[owner] = key
            return key
        } catch {
            throw PKIError(failureOf: "a \(entry.recipe.key.rawValue) key", entry: entry.recipe.name, error)
        }
    }
}

/// RSA keys, made when they are first asked for and kept for the life of the pool.
///
/// An RSA key takes a tenth of a second to make, more than all other work for a case, so cases share them. Within one
/// recipe each entry has its own key.
package final class KeyPool: Sendable {
    private let keys = Mutex<[Slot: SigningKey]>([:])

    package init() {}

    /// The number of keys that have been made so far.
    package var count: Int { keys.withLock { $0.count } }

    /// The key with this index, the same one each time.
    func key(_ type: KeyType, index: Int) throws(OpenSSLError) -> SigningKey {
        let slot = Slot(type: type, index: index)
        if let known = keys.withLock({ $0[slot] }) { return known }
        // Made outside the lock: two threads may both make one, and the first to come back decides.
        let fresh = try SigningKey(generating: type.algorithm)
        return keys.withLock { keys in
            if let known = keys[slot] { return known }
            keys[slot] = fresh
            return fresh
        }
    }

    private struct Slot: Hashable {
        let type: KeyType
        let index: Int
    }
}

/// A certificate authority that was made elsewhere, and that stands in for an entry of a recipe.
///
/// Entries below that one in the recipe are then signed by it. Its description never shows the key.
package struct AdoptedAuthority: Sendable {
    let certificate: X509Certificate
    let key: SigningKey

    /// - Parameters:
    ///   - certificate: DER, X.509 version 3.
    ///   - privateKey: its key in DER, PKCS #8 or the older form of its algorithm.
    ///   - now: seconds since 1970, when it must be valid.
    /// - Throws: `badAuthority` for one that can't issue what a recipe asks for.
    package init(certificate der: [UInt8], privateKey: [UInt8], now: Int64) throws(PKIError) {
        let parsed: X509Certificate
        let signing: SigningKey?
        let isMatching: Bool
        do throws(OpenSSLError) {
            parsed = try X509Certificate(der: der)
            let key = try EVPKey(privateKeyDER: privateKey)
            isMatching = try parsed.publicKey().hasSamePublicKey(as: key)
            signing = try SigningKey(adopting: key, identifier: parsed.subjectKeyIdentifier)
        } catch {
            throw Self.refusal("a certificate with its private key", "\(error)", "check both files with openssl")
        }
        guard isMatching else {
            throw Self.refusal("the private key of the certificate", "another key", "take the key that belongs to it")
        }
        guard parsed.isCertificateAuthority else {
            throw Self.refusal(
                "a certificate authority (basicConstraints CA:TRUE)",
                "a certificate that may not issue others",
                "take the authority that the other side trusts"
            )
        }
        guard !parsed.hasNameConstraints else {
            throw Self.refusal(
                "an authority for any name",
                "one with name constraints, which would change what cases mean",
                "take a test authority without them"
            )
        }
        guard let start = parsed.notBefore, let end = parsed.notAfter, start <= now, now <= end else {
            throw Self.refusal("a valid authority", "one that is not valid now", "make a new test authority")
        }
        guard let signing else {
            throw Self.refusal("a key for RSA, P-256, P-384, P-521 or Ed25519", "another key", "take one of these")
        }
        certificate = parsed
        key = signing
    }

    /// DER.
    package var certificateDER: [UInt8] { certificate.der }

    /// How many intermediates it allows below itself; nil for any number.
    package var pathLength: Int? { certificate.pathLength }

    /// Its extended key usages as dotted identifiers; nil when it has none, and allows all.
    package var extendedKeyUsages: [String]? { certificate.extendedKeyUsages }

    private static func refusal(_ expected: String, _ found: String, _ nextStep: String) -> PKIError {
        PKIError(.badAuthority, entry: "issuer", expected: expected, found: found, nextStep: nextStep)
    }
}

extension AdoptedAuthority: CustomStringConvertible, CustomReflectable {
    package var description: String { "AdoptedAuthority(\(certificate.serialNumber.lowercaseHex))" }
    package var customMirror: Mirror { Mirror(self, children: ["serial": certificate.serialNumber.lowercaseHex]) }
}
