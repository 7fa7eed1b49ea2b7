package import ConformanceModel

/// Puts one TLS stack behind the contract of ``Party`` and ``Endpoint``.
package protocol StackAdapter: Sendable {
    /// The stack's name in cases and reports.
    var stack: Stack { get }

    /// The libraries below the stack, by name, in the versions that are loaded; for example `gnutls` and `3.7.9`.
    var versions: [String: String] { get }

    /// A server with these settings.
    func makeServer(
        _ settings: ServerSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party

    /// A client with these settings.
    func makeClient(
        _ settings: ClientSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party
}

/// Why a side of a case does not exist.
package enum AdapterError: Error, Hashable, Sendable {
    /// The stack refused the settings before any byte: an outcome of the case.
    case configuration(ReasonClass, detail: String)
    /// The stack cannot do what the case asks.
    case unsupported(String)
    /// The case or the harness is at fault, for example a name that nothing was minted for.
    case harness(String)
}

/// One side of a case while its process runs: holds its settings, makes an endpoint for each connection, and takes
/// changes of what it presents and of what it asks of its peer.
package protocol Party: AnyObject {
    /// An endpoint for one new connection; nothing is sent before its ``Endpoint/start()``.
    ///
    /// - Parameter offeringSession: whether a client offers the session that it holds, if any; a server has no choice.
    func makeEndpoint(offeringSession: Bool) throws(AdapterError) -> any Endpoint

    /// Changes a setting from now on, as far as the side takes changes while it runs.
    ///
    /// - Throws: ``RotationRefused`` when the stack does not take the new value; the last good one stays.
    func rotate(_ change: SettingChange) throws(RotationRefused)
}

/// A rotation that a side refused, having kept its last good setting.
package struct RotationRefused: Error, Hashable, Sendable {
    package var reason: ReasonClass
    package var detail: String

    package init(reason: ReasonClass, detail: String) {
        self.reason = reason
        self.detail = detail
    }
}

extension RotationRefused {
    init(_ error: AdapterError) {
        switch error {
        case .configuration(let reason, let detail): self.init(reason: reason, detail: detail)
        case .unsupported(let detail), .harness(let detail): self.init(reason: .other, detail: detail)
        }
    }
}

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

/// The secret of servers whose ticket keys outlive a restart.
///
/// It protects nothing: the certificates of a case live as long as its playing. All servers that share it have it from
/// their settings, as processes of one service do.
enum SharedTicketSecret {
    static let bytes: [UInt8] = (0..<64).map { 151 &* $0 &+ 43 }
}
