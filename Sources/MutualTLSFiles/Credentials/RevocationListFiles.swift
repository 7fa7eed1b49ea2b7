public import MutualTLS

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
