internal import ConformanceModel
internal import MutualTLS

/// The surroundings of one side of the library in its case, besides its settings.
struct CountersignSurroundings {
    let version: ProtocolVersion
    let material: CaseMaterial
    let clock: CaseClock
    let alteration: LibraryAlteration
    /// Receives the lines of the key log of every connection.
    let keyLog: (@Sendable (String) -> Void)?
    let decoded: DecodedObjects

    var currentTime: @Sendable () -> Timestamp {
        let clock = clock
        return { Timestamp(secondsSinceEpoch: clock.now) }
    }

    func identity(_ name: String) throws(AdapterError) -> Identity {
        try decoded.identity(material.credential(name), alteration)
    }

    func pool(_ names: [String]) throws(AdapterError) -> CertificatePool {
        try decoded.pool(material.certificates(names))
    }

    func pool(_ names: [String]?) throws(AdapterError) -> CertificatePool? {
        guard let names else { return nil }
        return try pool(names)
    }

    func serverName(_ name: String) throws(AdapterError) -> ServerName {
        try settingUp { () throws(MutualTLSError) in try ServerName(name) }
    }

    func revocationLists(_ names: [String]) throws(AdapterError) -> [CertificateRevocationList] {
        let lists = try material.revocationLists(names)
        return try settingUp { () throws(MutualTLSError) in
            var decoded: [CertificateRevocationList] = []
            for der in lists {
                decoded.append(try CertificateRevocationList(der: der))
            }
            return decoded
        }
    }

    /// The platform refuses to present a weak key, so that its peer could not be seen refusing it: a side that holds
    /// one is let through. Nil keeps the platform's level.
    func securityLevel(_ identities: [String]) throws(AdapterError) -> Int? {
        for name in identities where try material.credential(name).hasWeakKey {
            return 0
        }
        return nil
    }
}
