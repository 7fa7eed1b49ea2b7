package import ConformanceModel
internal import MutualTLS

/// Plays sides with the library of this package, through its public API alone.
package struct CountersignAdapter: StackAdapter {
    private let alteration: LibraryAlteration
    private let keyLog: (@Sendable (String) -> Void)?
    private let decoded = DecodedObjects()

    /// - Parameter keyLog: receives the lines of the key log of every connection; nil for none.
    package init(keyLog: (@Sendable (String) -> Void)? = nil) {
        alteration = LibraryAlteration()
        self.keyLog = keyLog
    }

    init(_ alteration: LibraryAlteration) {
        self.alteration = alteration
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
            alteration: alteration,
            keyLog: keyLog,
            decoded: decoded
        )
    }
}

/// What is changed about the library: nothing in a run, and one decision in a selftest.
struct LibraryAlteration: Sendable {
    /// Changes settings that are complete.
    var server: @Sendable (inout MutualTLSConfiguration.Server) -> Void = { _ in }
    var client: @Sendable (inout MutualTLSConfiguration.Client) -> Void = { _ in }
    /// Changes the key of the identity that has this leaf.
    var privateKey: @Sendable (PrivateKey, Certificate) throws(MutualTLSError) -> PrivateKey = { key, _ in key }
}
