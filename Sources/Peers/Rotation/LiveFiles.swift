internal import ConformanceEngine
internal import ConformanceModel
internal import Foundation
internal import Glibc
internal import ThrowawayPKI

/// The files that a server which rotates is started with, and the ways in which people replace them.
///
/// The server's paths lead through `live`, a symbolic link to a folder of one state, so that all files of the next state
/// can appear at once; the other ways replace the files within that folder.
final class LiveFiles {
    let folder: MaterialFolder
    private var states = 0
    private let names = ["chain.pem", "leaf.pem", "key.pem", "bundle.pem", "pool.pem"]

    init(_ folder: MaterialFolder) {
        self.folder = folder
    }

    /// The paths that the server is given.
    var identity: IdentityFiles {
        IdentityFiles(
            chain: path("chain.pem"),
            leaf: path("leaf.pem"),
            key: path("key.pem"),
            bundle: path("bundle.pem")
        )
    }

    var pool: String { path("pool.pem") }

    private func path(_ name: String) -> String { "\(folder.path)/live/\(name)" }

    /// Another state beside the one that is served, and its folder.
    private func makeState(_ identity: String, pool: [String]) throws(PeerFault) -> String {
        states += 1
        let state = "\(folder.path)/state-\(states)"
        guard mkdir(state, 0o700) == 0 else { throw .harness("\(SystemFailure(state))") }
        let files = try folder.identity(identity)
        let pairs = [
            (files.chain, "chain.pem"), (files.leaf, "leaf.pem"), (files.key, "key.pem"), (files.bundle, "bundle.pem"),
            (try folder.pool(pool), "pool.pem"),
        ]
        for (from, name) in pairs where Glibc.rename(from, "\(state)/\(name)") != 0 {
            throw .harness("\(SystemFailure(name))")
        }
        return state
    }

    /// The state that the server starts with.
    func begin(_ identity: String, pool: [String]) throws(PeerFault) {
        let state = try makeState(identity, pool: pool)
        unlink("\(folder.path)/live")
        guard Glibc.symlink(state, "\(folder.path)/live") == 0 else { throw .harness("\(SystemFailure("symlink"))") }
    }

    /// All files at once.
    func swap(_ identity: String, pool: [String]) throws(PeerFault) {
        let state = try makeState(identity, pool: pool)
        let link = "\(folder.path)/next"
        guard Glibc.symlink(state, link) == 0, Glibc.rename(link, "\(folder.path)/live") == 0 else {
            throw .harness("\(SystemFailure("symlink"))")
        }
    }

    /// Each file renamed over the old one.
    func rename(_ identity: String, pool: [String]) throws(PeerFault) {
        let state = try makeState(identity, pool: pool)
        for name in names {
            guard Glibc.rename("\(state)/\(name)", path(name)) == 0 else { throw .harness("\(SystemFailure(name))") }
        }
    }

    /// Each file emptied and written again, as an editor or `cp` does.
    func overwrite(_ identity: String, pool: [String]) throws(PeerFault) {
        let state = try makeState(identity, pool: pool)
        for name in names {
            guard let data = FileManager.default.contents(atPath: "\(state)/\(name)"),
                let file = FileHandle(forWritingAtPath: path(name))
            else { throw .harness("\(SystemFailure(name))") }
            do {
                try file.truncate(atOffset: 0)
                try file.write(contentsOf: data)
                try file.close()
            } catch {
                throw .harness("\(name) can't be written: \(error)")
            }
        }
    }
}

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
