internal import ConformanceModel

extension Phase {
    /// The place of the phase in the order in which a connection passes them.
    var order: Int {
        switch self {
        case .beforeClientHello: 0
        case .clientHelloFirstByte: 1
        case .clientHelloAllButLastByte: 2
        case .clientHelloProcessed: 3
        case .clientFlightSent: 4
        case .clientFlightProcessed: 5
        case .established: 6
        case .closed: 7
        }
    }

    /// How much of a ClientHello has been delivered at a phase inside it; nil for a phase between two flights.
    func deliveredBytes(ofClientHello count: Int) -> Int? {
        switch self {
        case .clientHelloFirstByte: 1
        case .clientHelloAllButLastByte: count - 1
        case .beforeClientHello, .clientHelloProcessed, .clientFlightSent, .clientFlightProcessed, .established,
            .closed:
            nil
        }
    }
}
