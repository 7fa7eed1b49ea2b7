internal import ConformanceModel

/// A server of one case that a program plays.
protocol RemoteServer: AnyObject {
    /// Whether it has to listen anew for each connection.
    var endsWithConnection: Bool { get }
    /// Takes its settings and listens.
    func listen() throws(PeerFault) -> RemoteStart
    /// What it saw of the connection that has just ended.
    func observe() throws(PeerFault) -> SideObservation
    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation
    /// Forgets its settings.
    func stop() throws(PeerFault)
}

/// A client of one case that a program plays.
protocol RemoteClient: AnyObject {
    /// Takes its settings.
    func configure() throws(PeerFault) -> SettingsRefused?
    /// Begins a connection, which goes on by itself.
    func begin(_ address: NetworkAddress) throws(PeerFault)
    /// Whether it has ended; takes in what the program writes.
    func hasEnded() throws(PeerFault) -> Bool
    func register(in waiting: inout Waiting)
    /// What it saw of the connection; waits for its end.
    func observe() throws(PeerFault) -> SideObservation
    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation
    func stop() throws(PeerFault)
}

/// What became of a server's start.
enum RemoteStart: Hashable {
    case listening(NetworkAddress)
    case refused(SettingsRefused)
}

/// What became of a rotation.
enum RemoteRotation: Hashable {
    case done
    case refused
}
