/// Which end of a connection this is.
public enum ConnectionRole: String, Sendable, Hashable, Codable {
    /// The end that waits for a ClientHello.
    case server
    /// The end that sends it.
    case client
}
