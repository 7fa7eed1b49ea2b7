internal import ConformanceModel

/// A stack whose endpoints are reached through others, which listen to them or change what they say.
struct WrappingAdapter: StackAdapter {
    let adapter: any StackAdapter
    /// Puts an endpoint of a side into another one.
    let wrap: @Sendable (any Endpoint, Side) -> any Endpoint

    var stack: Stack { adapter.stack }
    var versions: [String: String] { adapter.versions }

    func makeServer(
        _ settings: ServerSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        let party = try adapter.makeServer(settings, version: version, material: material, clock: clock)
        return WrappingParty(party) { [wrap] in wrap($0, .server) }
    }

    func makeClient(
        _ settings: ClientSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        let party = try adapter.makeClient(settings, version: version, material: material, clock: clock)
        return WrappingParty(party) { [wrap] in wrap($0, .client) }
    }
}

private final class WrappingParty: Party {
    private let party: any Party
    private let wrap: (any Endpoint) -> any Endpoint

    init(_ party: any Party, _ wrap: @escaping (any Endpoint) -> any Endpoint) {
        self.party = party
        self.wrap = wrap
    }

    func makeEndpoint(offeringSession: Bool) throws(AdapterError) -> any Endpoint {
        wrap(try party.makeEndpoint(offeringSession: offeringSession))
    }

    func rotate(_ change: SettingChange) throws(RotationRefused) {
        try party.rotate(change)
    }
}

/// An endpoint that hands everything on to another one, but for what it does itself.
protocol ForwardingEndpoint: Endpoint {
    var endpoint: any Endpoint { get }
}

extension ForwardingEndpoint {
    var state: EndpointState { endpoint.state }
    var keyLogLines: [String] { endpoint.keyLogLines }
    func start() { endpoint.start() }
    func receive(_ bytes: [UInt8]) { endpoint.receive(bytes) }
    func receiveEndOfInput() { endpoint.receiveEndOfInput() }
    func takeOutput() -> [UInt8] { endpoint.takeOutput() }
    func send(_ bytes: [UInt8]) { endpoint.send(bytes) }
    func takeApplicationData() -> [UInt8] { endpoint.takeApplicationData() }
    func close() { endpoint.close() }
    func observation() -> SideObservation { endpoint.observation() }
}
