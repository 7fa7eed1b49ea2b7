internal import ConformanceEngine
internal import ConformanceModel

/// A server of one case that a program plays.
protocol RemoteServer: AnyObject {
    /// Whether it has to listen anew for each connection.
    var endsWithConnection: Bool { get }
    /// Takes its settings and listens.
    func listen() throws(PeerFault) -> RemoteStart
    /// Its observation of the connection that has just ended.
    func observe() throws(PeerFault) -> SideObservation
    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation
    /// Forgets its settings.
    func stop() throws(PeerFault)
}

/// A client of one case that a program plays.
protocol RemoteClient: AnyObject {
    /// Whether it goes on from connection to connection, and decides by itself on sessions and on connections that it
    /// has left open.
    var outlivesConnections: Bool { get }
    /// Takes its settings.
    func configure() throws(PeerFault) -> SettingsRefused?
    /// Begins a connection, which goes on by itself.
    func begin(_ address: NetworkAddress) throws(PeerFault)
    /// Whether it has ended; takes in what the program writes.
    func hasEnded() throws(PeerFault) -> Bool
    func register(in waiting: inout Waiting)
    /// Its observation of the connection; waits for the connection's end.
    func observe() throws(PeerFault) -> SideObservation
    func rotate(_ change: SettingChange) throws(PeerFault) -> RemoteRotation
    func stop() throws(PeerFault)
}

/// The result of a server's start.
enum RemoteStart: Hashable {
    case listening(NetworkAddress)
    case refused(SettingsRefused)
}

/// The result of a rotation.
enum RemoteRotation: Hashable {
    case done
    case refused
}

/// Command lines of a manifest.
struct PeerCommand {
    let manifest: PeerManifest
    /// Where compiled drivers are.
    let buildFolder: String

    /// Fills in `{folder}`, the manifest's folder, and `{build}`, the stack's folder for what is built.
    func expanded(_ arguments: [String]) -> [String] {
        arguments.map {
            $0.replacing("{folder}", with: manifest.folder).replacing("{build}", with: stackFolder)
        }
    }

    var environment: [String: String] {
        manifest.environment.mapValues {
            $0.replacing("{folder}", with: manifest.folder).replacing("{build}", with: stackFolder)
        }
    }

    var stackFolder: String { "\(buildFolder)/\(manifest.stack.rawValue)" }
}
