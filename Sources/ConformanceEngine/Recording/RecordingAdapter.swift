internal import Conformance

/// A stack whose endpoints are listened to.
struct RecordingAdapter: StackAdapter {
    let adapter: any StackAdapter
    let recorder: WireRecorder

    var stack: Stack { adapter.stack }
    var versions: [String: String] { adapter.versions }

    func makeServer(
        _ settings: ServerSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        let party = try adapter.makeServer(settings, version: version, material: material, clock: clock)
        return RecordedParty(party, .server, recorder)
    }

    func makeClient(
        _ settings: ClientSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        let party = try adapter.makeClient(settings, version: version, material: material, clock: clock)
        return RecordedParty(party, .client, recorder)
    }
}

private final class RecordedParty: Party {
    private let party: any Party
    private let side: Side
    private let recorder: WireRecorder

    init(_ party: any Party, _ side: Side, _ recorder: WireRecorder) {
        self.party = party
        self.side = side
        self.recorder = recorder
    }

    func makeEndpoint(offeringSession: Bool) throws(AdapterError) -> any Endpoint {
        let endpoint = try party.makeEndpoint(offeringSession: offeringSession)
        return RecordedEndpoint(endpoint, side, recorder, connection: recorder.begin(side))
    }

    func rotate(_ change: SettingChange) throws(RotationRefused) {
        try party.rotate(change)
    }
}

private final class RecordedEndpoint: Endpoint {
    private let endpoint: any Endpoint
    private let side: Side
    private let recorder: WireRecorder
    private let connection: Int

    init(_ endpoint: any Endpoint, _ side: Side, _ recorder: WireRecorder, connection: Int) {
        self.endpoint = endpoint
        self.side = side
        self.recorder = recorder
        self.connection = connection
    }

    var state: EndpointState { endpoint.state }
    var keyLogLines: [String] { endpoint.keyLogLines }
    func start() { endpoint.start() }
    func receive(_ bytes: [UInt8]) { endpoint.receive(bytes) }
    func receiveEndOfInput() { endpoint.receiveEndOfInput() }
    func send(_ bytes: [UInt8]) { endpoint.send(bytes) }
    func takeApplicationData() -> [UInt8] { endpoint.takeApplicationData() }
    func close() { endpoint.close() }

    func takeOutput() -> [UInt8] {
        let bytes = endpoint.takeOutput()
        recorder.add(bytes, from: side, to: connection)
        return bytes
    }

    func observation() -> SideObservation {
        endpoint.keyLogLines.forEach { recorder.add(keyLog: $0) }
        return endpoint.observation()
    }
}
