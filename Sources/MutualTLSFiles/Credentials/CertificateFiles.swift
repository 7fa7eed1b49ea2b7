public import MutualTLS

/// PEM files, or folders of PEM files, whose certificates make a pool.
///
/// ```swift
/// settings.clientCAs = try CertificatePoolFiles("/etc/tls/client-cas").load()
/// ```
///
/// Of a folder, the files named `*.pem`, `*.crt` and `*.cer` are read, and those that `openssl rehash` makes; other
/// files, hidden ones and folders in it are not. A file without a certificate is an error and not passed over: a
/// missing authority would refuse its clients without a reason to be found.
public struct CertificatePoolFiles: Sendable, Hashable {
    /// The files and folders.
    public var paths: [String]

    /// Names files and folders; nothing is read yet.
    public init(_ paths: [String]) {
        self.paths = paths
    }

    /// Names one file or folder; nothing is read yet.
    public init(_ path: String) {
        self.init([path])
    }

    /// Reads the certificates. One that comes twice counts once.
    public func load() throws(MutualTLSFilesError) -> CertificatePool {
        try read().value
    }

    func read() throws(MutualTLSFilesError) -> Reading<CertificatePool> {
        var certificates: [Certificate] = []
        for content in try paths.readSettled(.authorities) {
            certificates += try content.certificates(.authorities)
        }
        return Reading(value: CertificatePool(certificates), warnings: [])
    }
}

extension [String] {
    /// The content of all files and folders of the list, as they stood at one moment.
    func readSettled(_ kind: FileKind) throws(MutualTLSFilesError) -> [FileContent] {
        guard !isEmpty else {
            throw MutualTLSFilesError(
                .noPaths,
                at: [],
                expected: "paths of files or folders with \(kind.expectation)",
                found: "an empty list",
                nextStep: "Name at least one."
            )
        }
        return try SettledReading.read(self) { (snapshot) throws(MutualTLSFilesError) in
            var contents: [FileContent] = []
            for path in self { contents += try snapshot.readAll(path, kind) }
            return contents
        }
    }
}

/// PEM files, or folders of PEM files, with certificate revocation lists.
///
/// ```swift
/// settings.revocation = .chain(try RevocationListFiles("/etc/tls/crls").load())
/// ```
///
/// Of a folder, the files named `*.pem` and `*.crl` are read, and those that `openssl rehash` makes. A file without
/// a revocation list is an error. Signatures and times are judged when the lists are used.
public struct RevocationListFiles: Sendable, Hashable {
    /// The files and folders.
    public var paths: [String]

    /// Names files and folders; nothing is read yet.
    public init(_ paths: [String]) {
        self.paths = paths
    }

    /// Names one file or folder; nothing is read yet.
    public init(_ path: String) {
        self.init([path])
    }

    /// Reads the lists, in the order of the paths, in a folder of the names, in a file of the blocks.
    public func load() throws(MutualTLSFilesError) -> [CertificateRevocationList] {
        try read().value
    }

    func read() throws(MutualTLSFilesError) -> Reading<[CertificateRevocationList]> {
        var lists: [CertificateRevocationList] = []
        for content in try paths.readSettled(.revocationLists) {
            lists += try content.revocationLists()
        }
        return Reading(value: lists, warnings: [])
    }
}

extension FileContent {
    /// The certificates of the file, in their order, at least one.
    func certificates(_ kind: FileKind) throws(MutualTLSFilesError) -> [Certificate] {
        do {
            return try Certificate.certificates(inPEM: bytes)
        } catch {
            throw MutualTLSFilesError(content: error, of: [path], expected: kind.expectation)
        }
    }

    /// The revocation lists of the file, in their order, at least one.
    func revocationLists() throws(MutualTLSFilesError) -> [CertificateRevocationList] {
        do {
            return try CertificateRevocationList.lists(inPEM: bytes)
        } catch {
            throw MutualTLSFilesError(content: error, of: [path], expected: FileKind.revocationLists.expectation)
        }
    }
}
