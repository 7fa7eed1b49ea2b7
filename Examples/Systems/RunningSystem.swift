import Foundation
import MutualTLS
import MutualTLSFiles

/// One of the documented systems while it runs.
public struct RunningSystem: Sendable {
    /// The port that it listens on, whichever its configuration asks for.
    public let port: Int
    /// Events of its start that show it at work, a sentence each.
    public let events: [String]
    /// A sentence about each change of its certificate's files. New connections use what is new; existing ones keep
    /// theirs.
    public let changes: AsyncStream<String>
    private let following: Task<Void, Never>
    private let stopping: @Sendable () async -> Void

    /// - Parameter update: What is to be done with a new identity beside what follows the reloader anyway.
    init(
        port: Int,
        events: [String],
        identity: IdentityReloader,
        update: @escaping @Sendable () throws -> Void = {},
        stop: @escaping @Sendable () async -> Void
    ) {
        self.port = port
        self.events = events
        stopping = stop
        let statuses = identity.statuses()
        let (changes, continuation) = AsyncStream.makeStream(of: String.self)
        self.changes = changes
        following = Task {
            async let running: Void = identity.run()
            for await status in statuses {
                do {
                    if let reason = status.reason { throw reason }
                    try update()
                    continuation.yield("new connections use \(status.value.certificate)")
                } catch {
                    continuation.yield("kept the last good certificate: \(error)")
                }
            }
            await running
            continuation.finish()
        }
    }

    /// Ends all connections and returns when the ports are free.
    public func stop() async {
        following.cancel()
        await stopping()
    }
}

/// An error in a configuration file of a system.
public struct ConfigurationFileError: Error, CustomStringConvertible {
    /// The file, the expectation and the finding.
    public let description: String

    /// Decodes a configuration file, whose paths are relative to its folder.
    static func read<Settings: Decodable>(_ path: String, as type: Settings.Type) throws -> Settings {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw ConfigurationFileError(
                description: "\(path): expected a configuration file, found none that can be read"
            )
        }
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch let DecodingError.keyNotFound(key, _) {
            throw ConfigurationFileError(
                description: "\(path): expected the key \(key.stringValue), found none; add it"
            )
        } catch let DecodingError.typeMismatch(_, context) {
            let key = context.codingPath.map(\.stringValue).joined(separator: ".")
            throw ConfigurationFileError(description: "\(path): expected another kind of value for \(key)")
        } catch {
            throw ConfigurationFileError(description: "\(path): expected JSON, found something else")
        }
    }

    static func mode(_ name: String, in path: String) throws -> ClientAuth {
        if let mode = ClientAuth(rawValue: name) { return mode }
        let names = ClientAuth.allCases.map(\.rawValue).joined(separator: ", ")
        throw ConfigurationFileError(
            description: "\(path): expected one of \(names) for clientAuth, found another word"
        )
    }
}
