import Logging
import MutualTLS
import MutualTLSSystems
import NIOCore
import Testing

extension NATSServer {
    static func with(
        _ configuration: NATSConfiguration,
        logger: Logger? = nil,
        _ body: (NATSServer) async throws -> Void
    ) async throws {
        let server = try await NATSServer.start("server-main", configuration, logger: logger, currentTime: systemClock)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(server))
        } catch {
            result = .failure(error)
        }
        await server.shutdown(deadline: .zero)
        try result.get()
    }
}

extension NATSClient {
    static func dial(
        _ configuration: NATSConfiguration,
        _ version: TLSVersion = .tls13
    ) async throws -> NATSClient {
        try await connect(configuration, versions: version...version, currentTime: systemClock)
    }

    /// Has the other client say something, and returns what this one hears.
    func hears(_ other: NATSClient, say text: String) async throws -> String? {
        let messages = try await subscribe("talk.*")
        try await ping()
        try await other.publish(NATSMessage(subject: "talk.now", payload: ByteBuffer(string: text)))
        var iterator = messages.makeAsyncIterator()
        return await iterator.next().map { String(buffer: $0.payload) }
    }
}
