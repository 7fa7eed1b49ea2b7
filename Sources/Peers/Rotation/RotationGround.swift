internal import ConformanceEngine
internal import ConformanceModel
internal import ThrowawayPKI

/// The certificates of a rotation: two of the server below one root, and two authorities with a client each.
struct RotationGround {
    let material: CaseMaterial

    static let root = "root"
    static let old = "server-old"
    static let new = "server-new"
    /// The old certificate beside the new one's key.
    static let mismatched = "mismatched"
    static let oldAuthority = "old-authority"
    static let newAuthority = "new-authority"
    static let alice = "alice"
    static let bob = "bob"
    static let serverName = "server.test"

    /// - Parameter now: the time that validity is relative to, in seconds since 1970.
    init(now: Int64) throws(PeerFault) {
        var specification = PKISpecification()
        func add(_ name: String, _ issuer: String? = nil, _ change: (inout CertificateSpecification) -> Void = { _ in })
        {
            var certificate = CertificateSpecification(name: name, issuer: issuer)
            certificate.isCA = issuer == nil
            change(&certificate)
            specification.certificates[name] = certificate
        }
        for authority in [Self.root, Self.oldAuthority, Self.newAuthority] { add(authority) }
        for server in [Self.old, Self.new] {
            add(server, Self.root) {
                $0.dnsNames = [Self.serverName]
                $0.extendedKeyUsages = ["serverAuth"]
            }
        }
        for (client, authority) in [(Self.alice, Self.oldAuthority), (Self.bob, Self.newAuthority)] {
            add(client, authority) { $0.extendedKeyUsages = ["clientAuth"] }
        }
        var mismatched = CredentialSpecification(name: Self.mismatched, certificate: Self.old)
        mismatched.keyOf = Self.new
        specification.credentials[Self.mismatched] = mismatched
        var entries: [String: MintedEntry] = [:]
        do throws(PKIError) {
            let pki = try PKI.mint(Recipe(specification), now: now, seed: UInt64(bitPattern: now), keys: KeyPool())
            for name in pki.names {
                guard let entity = pki[name] else { continue }
                entries[name] = MintedEntry(certificate: entity.certificateDER, privateKey: entity.privateKeyPKCS8)
            }
        } catch {
            throw .harness("the certificates of the rotation can't be minted: \(error)")
        }
        material = CaseMaterial(now: now, specification: specification, entries: entries, revocationLists: [:])
    }
}
