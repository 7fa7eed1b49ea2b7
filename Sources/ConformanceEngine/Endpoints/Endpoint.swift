package import ConformanceModel

/// One side of one connection, without any I/O: bytes of the peer go in, bytes for the peer come out.
///
/// Every verb may change ``state``; none blocks, and none reads a clock.
package protocol Endpoint: AnyObject {
    var state: EndpointState { get }

    /// Begins the handshake. A client then has a ClientHello to take.
    func start()

    /// Takes bytes that the peer sent.
    func receive(_ bytes: [UInt8])

    /// The peer will send nothing more.
    func receiveEndOfInput()

    /// Removes and returns all that waits to be sent to the peer, alerts included.
    func takeOutput() -> [UInt8]

    /// Encrypts application data for the peer.
    func send(_ bytes: [UInt8])

    /// Removes and returns the application data that has arrived.
    func takeApplicationData() -> [UInt8]

    /// Sends close_notify.
    func close()

    /// Lines of the key log that this side has written, in the format of NSS; empty for a stack that tells none.
    var keyLogLines: [String] { get }

    /// The observation of this side, in its stack's own terms.
    ///
    /// Whether the connection counts as accepted, where a failure was noticed and whether bytes arrived is the wire's
    /// knowledge: what an endpoint puts there is replaced.
    func observation() -> SideObservation
}

extension Endpoint {
    package var keyLogLines: [String] { [] }
}

/// How far an endpoint's connection has come.
package enum EndpointState: Hashable, Sendable {
    case handshaking
    case established
    /// Ended by close_notify.
    case closed
    /// Ended by an error, its own or an alert of the peer.
    case failed
}
