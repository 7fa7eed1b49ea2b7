/// Why a look at files or at a server came to nothing.
package struct DiagnosticsError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Blame: Hashable, Sendable {
        /// A path, an address or a setting that the user can put right.
        case usage
        /// The other side: it can't be reached, or shows nothing.
        case peer
        /// This program itself.
        case harness
    }

    package var blame: Blame
    /// A sentence for people.
    package var message: String

    package var description: String { message }

    static func usage(_ message: String) -> DiagnosticsError { DiagnosticsError(blame: .usage, message: message) }
    static func peer(_ message: String) -> DiagnosticsError { DiagnosticsError(blame: .peer, message: message) }

    static let lostIdentity = DiagnosticsError(
        blame: .harness,
        message: "a throwaway identity was minted without its entry"
    )
}
