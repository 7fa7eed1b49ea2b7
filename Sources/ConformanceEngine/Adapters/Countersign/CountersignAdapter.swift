package import ConformanceModel
internal import MutualTLS

/// Plays sides with the library of this package, through its public API wherever that can say what a case asks.
package struct CountersignAdapter: StackAdapter {
    private let mutant: LibraryMutant?
    private let keyLog: (@Sendable (String) -> Void)?
    private let decoded = DecodedObjects()

    /// - Parameter keyLog: receives the lines of the key log of every connection; nil for none.
    package init(keyLog: (@Sendable (String) -> Void)? = nil) {
        mutant = nil
        self.keyLog = keyLog
    }

    init(mutant: LibraryMutant?) {
        self.mutant = mutant
        keyLog = nil
    }

    package var stack: Stack { .countersign }

    package var versions: [String: String] { ["openssl": MutualTLSLibrary.openSSLVersion] }

    package func makeServer(
        _ settings: ServerSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        try CountersignServerParty(settings, surroundings(version, material, clock))
    }

    package func makeClient(
        _ settings: ClientSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        try CountersignClientParty(settings, surroundings(version, material, clock))
    }

    private func surroundings(
        _ version: ProtocolVersion,
        _ material: CaseMaterial,
        _ clock: CaseClock
    ) -> CountersignSurroundings {
        CountersignSurroundings(
            version: version,
            material: material,
            clock: clock,
            mutant: mutant,
            keyLog: keyLog,
            decoded: decoded
        )
    }
}
