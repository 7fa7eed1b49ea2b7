/// One thing that a scripted wire does to what a side says.
package enum WireEdit: Hashable, Sendable {
    /// Puts handshake messages that go in the clear into records of at most so many bytes (RFC 8446 section 5.1 lets
    /// a sender do so at will).
    case reframe(recordSize: Int)
    /// Leaves out every handshake message of this type that goes in the clear (IANA, TLS HandshakeType).
    case drop(message: UInt8)
    /// Exchanges the first two neighbours of these types that go in the clear.
    case swap(message: UInt8, with: UInt8)
    /// Sends a fatal alert in the clear before the side's flight of this number, from 1.
    case alert(code: UInt8, beforeFlight: Int)
    /// Sends a warning in the clear before the side's flight of this number, from 1.
    case warning(code: UInt8, beforeFlight: Int)
    /// Puts bytes before all others.
    case prefix([UInt8])
    /// Ends the stream after so many bytes, without an alert.
    case end(afterBytes: Int)
}
