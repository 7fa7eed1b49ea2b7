internal import Conformance

/// A stack behind a wire that changes what one side says.
struct ScriptedAdapter: StackAdapter {
    let adapter: any StackAdapter
    /// Whose words are changed.
    let side: Side
    let edits: [WireEdit]

    var stack: Stack { adapter.stack }
    var versions: [String: String] { adapter.versions }

    func makeServer(
        _ settings: ServerSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        let party = try adapter.makeServer(settings, version: version, material: material, clock: clock)
        return side == .server ? ScriptedParty(party, edits) : party
    }

    func makeClient(
        _ settings: ClientSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        let party = try adapter.makeClient(settings, version: version, material: material, clock: clock)
        return side == .client ? ScriptedParty(party, edits) : party
    }
}

private final class ScriptedParty: Party {
    private let party: any Party
    private let edits: [WireEdit]

    init(_ party: any Party, _ edits: [WireEdit]) {
        self.party = party
        self.edits = edits
    }

    func makeEndpoint(offeringSession: Bool) throws(AdapterError) -> any Endpoint {
        ScriptedEnd(try party.makeEndpoint(offeringSession: offeringSession), edits)
    }

    func rotate(_ change: SettingChange) throws(RotationRefused) {
        try party.rotate(change)
    }
}

private final class ScriptedEnd: Endpoint {
    private let endpoint: any Endpoint
    private var editor: WireEditor

    init(_ endpoint: any Endpoint, _ edits: [WireEdit]) {
        self.endpoint = endpoint
        editor = WireEditor(edits)
    }

    /// A side whose stream was ended is one that hung up, whatever it thinks itself.
    var state: EndpointState { editor.hasEnded ? .failed : endpoint.state }
    var keyLogLines: [String] { endpoint.keyLogLines }
    func start() { endpoint.start() }
    func receive(_ bytes: [UInt8]) { endpoint.receive(bytes) }
    func receiveEndOfInput() { endpoint.receiveEndOfInput() }
    func send(_ bytes: [UInt8]) { endpoint.send(bytes) }
    func takeApplicationData() -> [UInt8] { endpoint.takeApplicationData() }
    func close() { endpoint.close() }
    func takeOutput() -> [UInt8] { editor.edit(endpoint.takeOutput()) }
    func observation() -> SideObservation { endpoint.observation() }
}
