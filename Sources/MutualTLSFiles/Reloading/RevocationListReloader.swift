public import Logging
public import MutualTLS

/// Keeps revocation lists up to date with their files.
///
/// A server or client has the lists of the moment when its settings were resolved. Read ``FileReloader/statuses()``
/// and resolve the settings again with the new lists: connections that are established stay.
public typealias RevocationListReloader = FileReloader<[CertificateRevocationList]>

extension FileReloader where Value == [CertificateRevocationList] {
    /// Reads the files, and throws if they can't be used: there are no last good lists yet.
    public convenience init(
        _ files: RevocationListFiles,
        at now: Timestamp,
        logger: Logger? = nil
    ) throws(MutualTLSFilesError) {
        try self.init(
            "revocation lists",
            paths: files.paths,
            at: now,
            logger: logger,
            isSame: { $0.map(\.derBytes) == $1.map(\.derBytes) },
            read: { () throws(MutualTLSFilesError) in try files.read() }
        )
    }
}
