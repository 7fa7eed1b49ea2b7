internal import Conformance

/// Both sides of a case, as far as their stacks took their settings.
struct Parties {
    private var parties: [Side: any Party] = [:]
    private(set) var refused: [Side: SettingsRefused] = [:]

    /// Sets up one side; settings that its stack refuses are an outcome and are kept.
    mutating func add(_ side: Side, _ make: () throws(AdapterError) -> any Party) throws(PlayFailure) {
        do throws(AdapterError) {
            parties[side] = try make()
        } catch .configuration(let reason, let detail) {
            refused[side] = SettingsRefused(reason: reason, detail: detail)
        } catch {
            throw PlayFailure(error)
        }
    }

    subscript(side: Side) -> (any Party)? { parties[side] }

    /// A new connection of both sides, or one that never was when a side is missing.
    func connect() throws(PlayFailure) -> PlayedConnection {
        guard let server = parties[.server], let client = parties[.client] else {
            return PlayedConnection(refused: refused)
        }
        var refused = refused
        let serverEnd = try endpoint(of: server, .server, &refused)
        let clientEnd = try endpoint(of: client, .client, &refused)
        guard let serverEnd, let clientEnd else { return PlayedConnection(refused: refused) }
        return PlayedConnection(server: serverEnd, client: clientEnd)
    }

    private func endpoint(
        of party: any Party,
        _ side: Side,
        _ refused: inout [Side: SettingsRefused]
    ) throws(PlayFailure) -> (any Endpoint)? {
        do throws(AdapterError) {
            return try party.makeEndpoint()
        } catch .configuration(let reason, let detail) {
            refused[side] = SettingsRefused(reason: reason, detail: detail)
            return nil
        } catch {
            throw PlayFailure(error)
        }
    }
}
