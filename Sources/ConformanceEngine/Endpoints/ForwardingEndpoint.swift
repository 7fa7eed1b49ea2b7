internal import ConformanceModel

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
