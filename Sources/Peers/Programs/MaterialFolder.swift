internal import ConformanceEngine
internal import ConformanceModel
internal import FoundationEssentials
internal import Glibc

/// A folder of this user alone, with the files that one configuration of a program needs.
final class MaterialFolder {
    let path: String
    private let material: CaseMaterial
    private var count = 0

    /// - Parameter parent: an existing folder.
    init(in parent: String, material: CaseMaterial) throws(PeerFault) {
        self.material = material
        path = try Self.makeUnique("\(parent)/case")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Makes a folder whose name begins like this, and that only this user may enter.
    static func makeUnique(_ prefix: String) throws(PeerFault) -> String {
        var template = Array("\(prefix)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .harness("no folder for the files of a program: \(SystemFailure("mkdtemp"))")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The files of a credential: the chain, leaf first, the leaf alone, and the key.
    func identity(_ name: String) throws(PeerFault) -> IdentityFiles {
        let credential = try orFault { () throws(AdapterError) in try material.credential(name) }
        let stem = try newStem()
        let chain = PEMText.certificates(credential.chain)
        let key = PEMText.block("PRIVATE KEY", credential.privateKey)
        return IdentityFiles(
            chain: try write("\(stem).chain.pem", chain),
            leaf: try write("\(stem).leaf.pem", PEMText.certificates(Array(credential.chain.prefix(1)))),
            key: try write("\(stem).key.pem", key),
            bundle: try write("\(stem).bundle.pem", chain + key)
        )
    }

    /// Puts the files of an identity in the place of another's, each in one step, so that nobody reads half of one.
    func replace(_ old: IdentityFiles, with new: IdentityFiles) throws(PeerFault) {
        let pairs = [(new.chain, old.chain), (new.leaf, old.leaf), (new.key, old.key), (new.bundle, old.bundle)]
        for (from, to) in pairs where rename(from, to) != 0 { throw .harness("\(SystemFailure(to))") }
    }

    /// The file of a pool of certificates.
    func pool(_ names: [String]) throws(PeerFault) -> String {
        let pool = try orFault { () throws(AdapterError) in try material.certificates(names) }
        return try write("\(try newStem()).pool.pem", PEMText.certificates(pool))
    }

    /// The file of revocation lists.
    func revocationLists(_ names: [String]) throws(PeerFault) -> String {
        let lists = try orFault { () throws(AdapterError) in try material.revocationLists(names) }
        let text = lists.map { PEMText.block("X509 CRL", $0) }.joined()
        return try write("\(try newStem()).crl.pem", text)
    }

    /// Writes a file that only this user may read.
    @discardableResult
    func write(_ name: String, _ text: String) throws(PeerFault) -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .harness("\(SystemFailure(file))") }
        let owner = Descriptor(takingOwnershipOf: descriptor)
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(owner.number, $0.baseAddress, $0.count) }
            guard written > 0 else {
                if errno == EINTR { continue }
                throw .harness("\(SystemFailure(file))")
            }
            rest = rest.dropFirst(written)
        }
        return file
    }

    /// Puts a text in the place of a file of this name, in one step.
    func rewrite(_ name: String, _ text: String) throws(PeerFault) {
        try move(try write("\(try newStem()).rewritten", text), over: "\(path)/\(name)")
    }

    /// Puts a file in the place of another one, in one step.
    func move(_ new: String, over old: String) throws(PeerFault) {
        guard rename(new, old) == 0 else { throw .harness("\(SystemFailure(old))") }
    }

    private func newStem() throws(PeerFault) -> String {
        count += 1
        return "m\(count)"
    }

    private func orFault<Value>(_ body: () throws(AdapterError) -> Value) throws(PeerFault) -> Value {
        do throws(AdapterError) { return try body() } catch { throw .harness("\(error)") }
    }
}

/// Paths of PEM files.
struct IdentityFiles: Hashable, Encodable {
    /// The leaf and what is sent with it.
    var chain: String
    var leaf: String
    /// PKCS#8, unencrypted.
    var key: String
    /// The chain and the key in one file.
    var bundle: String
}

/// PEM (RFC 7468).
enum PEMText {
    static func certificates(_ all: [[UInt8]]) -> String {
        all.map { block("CERTIFICATE", $0) }.joined()
    }

    static func block(_ label: String, _ bytes: [UInt8]) -> String {
        let base64 = Data(bytes).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN \(label)-----\n\(base64)\n-----END \(label)-----\n"
    }
}
