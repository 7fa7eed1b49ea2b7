package import ConformanceModel

/// Puts one TLS stack behind the contract of ``Party`` and ``Endpoint``.
package protocol StackAdapter: Sendable {
    /// The stack's name in cases and reports.
    var stack: Stack { get }

    /// What the stack runs on, by name, in the versions that are loaded; for example `gnutls` and `3.7.9`.
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
