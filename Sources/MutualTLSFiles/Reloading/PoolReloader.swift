public import Logging
public import MutualTLS

/// Keeps a pool of certificates up to date with its files.
///
/// Servers and clients follow it through a `CertAuthManager`, if their settings were made with `.live`; with
/// `.fixedAtStart` they go on with the pool of their start, and the manager logs that.
public typealias PoolReloader = FileReloader<CertificatePool>

extension FileReloader where Value == CertificatePool {
    /// Reads the files, and throws if they can't be used: there is no last good pool yet.
    public convenience init(
        _ files: CertificatePoolFiles,
        at now: Timestamp,
        logger: Logger? = nil
    ) throws(MutualTLSFilesError) {
        try self.init(
            "certificate pool",
            paths: files.paths,
            at: now,
            logger: logger,
            isSame: { $0 == $1 },
            read: { () throws(MutualTLSFilesError) in try files.read() }
        )
    }

    /// Gives the manager the pool that clients are verified against, now and with each update.
    public func keepUpdated(clientCAsOf manager: CertAuthManager) {
        keepUpdated { pool in
            guard manager.clientCAs != pool else { return }
            manager.setClientCAs(pool)
        }
    }

    /// Gives the manager the pool that servers are verified against, now and with each update.
    public func keepUpdated(rootCAsOf manager: CertAuthManager) {
        keepUpdated { pool in
            guard manager.rootCAs != pool else { return }
            manager.setRootCAs(pool)
        }
    }
}
