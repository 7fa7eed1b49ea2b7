public import Logging
public import MutualTLS

/// The PEM files of an identity: a certificate chain and its private key.
///
/// ```swift
/// let files = IdentityFiles(certificate: "/etc/tls/tls.crt", privateKey: "/etc/tls/tls.key")
/// settings.identity = try files.load()
/// ```
///
/// Load it once, or keep it up to date with an ``IdentityReloader``. Both may be one file. An error names the file,
/// what was expected and found, and the next step.
public struct IdentityFiles: Sendable, Hashable {
    /// The path of the certificates, leaf first, and usually its intermediates after it.
    public var certificate: String
    /// The path of the leaf's private key.
    public var privateKey: String
    /// The path of the intermediates, if they are not in the file of ``certificate``. The first must be the issuer,
    /// by name, of the last certificate there.
    public var chain: String?
    /// A passphrase that decrypts an encrypted private key.
    public var passphrase: String?

    /// Names the files; nothing is read yet. Relative paths start at the working directory of the moment of reading.
    public init(certificate: String, privateKey: String, chain: String? = nil, passphrase: String? = nil) {
        self.certificate = certificate
        self.privateKey = privateKey
        self.chain = chain
        self.passphrase = passphrase
    }

    /// The paths, each once.
    public var paths: [String] {
        var seen: Set<String> = []
        return [certificate, privateKey, chain].compactMap { $0 }.filter { seen.insert($0).inserted }
    }

    /// Reads the files, and logs a warning for a private key that others than its owner may read.
    public func load(logger: Logger? = nil) throws(MutualTLSFilesError) -> Identity {
        let reading = try read()
        for warning in reading.warnings { logger?.warning("\(warning)") }
        return reading.value
    }

    func read() throws(MutualTLSFilesError) -> Reading<Identity> {
        let contents = try SettledReading.read(paths) { (snapshot) throws(MutualTLSFilesError) in
            var contents = [
                try snapshot.read(certificate, .certificateChain), try snapshot.read(privateKey, .privateKey),
            ]
            if let chain { contents.append(try snapshot.read(chain, .intermediates)) }
            return contents
        }
        return Reading(
            value: try identity(contents[0], key: contents[1], intermediates: contents.dropFirst(2).first),
            warnings: [FileWarning(ofKey: contents[1])].compactMap { $0 }
        )
    }

    private func identity(
        _ certificates: FileContent,
        key: FileContent,
        intermediates: FileContent?
    ) throws(MutualTLSFilesError) -> Identity {
        var chain = try certificates.certificates(.certificateChain)
        if let intermediates {
            let more = try intermediates.certificates(.intermediates)
            try refuseBreak(between: chain, and: more, in: intermediates.path)
            chain += more
        }
        let privateKey: PrivateKey
        do {
            privateKey = try PrivateKey(pem: key.bytes, passphrase: passphrase)
        } catch {
            throw MutualTLSFilesError(content: error, of: [key.path], expected: FileKind.privateKey.expectation)
        }
        do {
            return try Identity(chain: chain, privateKey: privateKey)
        } catch {
            throw MutualTLSFilesError(content: error, of: paths, expected: "a certificate and its private key")
        }
    }

    /// Two files that are replaced one after the other may belong to different renewals.
    private func refuseBreak(
        between first: [Certificate],
        and second: [Certificate],
        in path: String
    ) throws(MutualTLSFilesError) {
        guard let last = first.last, let next = second.first, last.issuer != next.subject else { return }
        throw MutualTLSFilesError(
            .brokenChain,
            at: [path, certificate],
            expected: "\(last.issuer) first, the issuer of \(last)",
            found: "\(next)",
            nextStep: "Put the chain of that certificate into the file."
        )
    }
}

extension IdentityFiles: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The paths; never the passphrase.
    public var description: String { paths.joined(separator: ", ") }
    /// The same as the description.
    public var debugDescription: String { description }
    /// The paths alone, so that no dump shows the passphrase.
    public var customMirror: Mirror { Mirror(self, children: ["paths": paths]) }
}
