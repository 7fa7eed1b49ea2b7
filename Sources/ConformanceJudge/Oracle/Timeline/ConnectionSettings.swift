package import ConformanceModel

/// The settings that both sides take for one connection of a case, with all changes that reach it.
package struct ConnectionSettings: Hashable, Sendable {
    package var server: ServerSettings
    package var client: ClientSettings
    /// How far the clock of both sides has moved since the case's now, in seconds.
    package var elapsed: Int64
    /// A number that changes when the server loses its ticket keys.
    package var ticketKeys: Int
}

extension Oracle {
    /// The settings of each connection, in the order of the steps.
    package func settings(for case: ConformanceCase) -> [ConnectionSettings] {
        var ruling = Ruling()
        return Timeline(of: `case`, ruling: &ruling).connections.map {
            ConnectionSettings(
                server: $0.facts.server,
                client: $0.facts.client,
                elapsed: $0.facts.elapsed,
                ticketKeys: $0.ticketKeys
            )
        }
    }
}
