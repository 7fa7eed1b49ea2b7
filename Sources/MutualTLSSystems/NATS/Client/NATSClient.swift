public import Logging
public import MutualTLS
internal import MutualTLSNIO
public import NIOCore
public import NIOPosix

/// A connection to a NATS server, with the TLS of a NATS configuration.
public final class NATSClient: Sendable {
    /// The server's information about itself in plain text, before TLS proved anything.
    public let serverInfo: NATSServerInfo
    /// The outcome of the handshake.
    public let information: ConnectionInformation
    private let channel: any Channel
    private let conversation: NATSConversation

    private init(
        _ serverInfo: NATSServerInfo,
        _ connection: DialedConnection,
        _ conversation: NATSConversation
    ) {
        self.serverInfo = serverInfo
        information = connection.information
        channel = connection.channel
        self.conversation = conversation
    }

    /// Connects to the first server of the configuration, and returns when the server has answered, so that a refusal
    /// after a TLS 1.3 handshake is told as one.
    ///
    /// - Parameters:
    ///   - configuration: `servers`, as `tls://HOST:PORT`, and the `tls` block.
    ///   - name: What the client calls itself; it proves nothing.
    ///   - serverName: The name that the server is verified by, in place of the URL's host.
    ///   - versions: The versions that are spoken.
    ///   - group: The event loops of the connection.
    ///   - logger: Where warnings about the configuration go.
    ///   - currentTime: The time that certificates are judged at.
    ///   - configure: Changes what the configuration doesn't say of TLS: revocation, sessions, what is presented.
    /// - Throws: ``MutualTLSSystemsError`` for a configuration or a server without TLS, `MutualTLSFilesError` for
    ///   files, `MutualTLSError` when there is no connection, and `ConnectionFailure` when TLS fails.
    public static func connect(
        _ configuration: NATSConfiguration,
        name: String = "countersign",
        serverName: ServerName? = nil,
        versions: ClosedRange<TLSVersion> = .tls12 ... .tls13,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger? = nil,
        currentTime: @escaping @Sendable () -> Timestamp = SystemClock.now,
        configure: (inout MutualTLSConfiguration.Client) -> Void = { _ in }
    ) async throws -> NATSClient {
        let block = configuration.tls ?? NATSTLSBlock()
        let address = try NATSServerAddress(configuration.servers)
        let credentials = try NATSCredentials(block, isServer: false, logger: logger)
        var settings = MutualTLSConfiguration.Client(identity: credentials.identity, currentTime: currentTime)
        settings.rootCAs = credentials.authorities
        settings.insecureSkipVerify = block.insecure
        settings.serverName =
            block.insecure ? try? serverName ?? ServerName(address.host) : try serverName ?? ServerName(address.host)
        settings.minimumVersion = versions.lowerBound
        settings.maximumVersion = versions.upperBound
        settings.logger = logger
        configure(&settings)
        return try await connect(configuration, settings.resolve(), name: name, group: group)
    }

    /// Connects as a client that was made before, with its identity, its trust and its sessions; of the configuration's
    /// `tls` block only `timeout` and `pinned_certs` count.
    ///
    /// - Throws: As ``connect(_:name:serverName:versions:group:logger:currentTime:configure:)``.
    public static func connect(
        _ configuration: NATSConfiguration,
        _ client: MutualTLSClient,
        name: String = "countersign",
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) async throws -> NATSClient {
        let block = configuration.tls ?? NATSTLSBlock()
        let address = try NATSServerAddress(configuration.servers)
        var options = MutualTLSDialerOptions()
        options.limits.handshakeTimeout = block.timeout
        let greetings = ReceivedGreetings()
        let conversation = NATSConversation()
        do {
            let connection = try await MutualTLSDialer(client, group: group, options: options)
                .connect(host: address.host, port: address.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(GreetingGate(timeout: block.timeout, greetings), position: .first)
                        try pipeline.addHandler(ByteToMessageHandler(NATSDecoder(.client)))
                        try pipeline.addHandler(NATSClientHandler(conversation))
                    }
                }
            try block.checkPin(connection)
            guard let info = greetings[connection.channel] else {
                throw MutualTLSSystemsError(.protocolError, "The server began TLS without an INFO.")
            }
            let nats = NATSClient(info, connection, conversation)
            do {
                try await nats.introduce(name)
            } catch {
                await nats.close()
                throw error
            }
            return nats
        } catch let error as ChannelError {
            // The gate in front of TLS closed the connection, and knows why.
            throw greetings.failure ?? error
        }
    }

    /// Publishes a message; the server gives no receipt, and ``ping()`` tells whether it was taken.
    public func publish(_ message: NATSMessage) async throws {
        try await send(.publish(message))
    }

    /// Subscribes to a subject, and returns its messages from now on. They end with the connection.
    ///
    /// - Parameter queue: A group of which each message reaches one member alone.
    public func subscribe(_ subject: String, queue: String? = nil) async throws -> AsyncStream<NATSMessage> {
        let (number, messages) = conversation.subscribe()
        try await send(.subscribe(subject: subject, queue: queue, subscription: number))
        return messages
    }

    /// Publishes a message, and returns the first answer.
    ///
    /// - Throws: ``MutualTLSSystemsError`` with the code `noResponders` when nobody has subscribed to the subject,
    ///   `refusedOperation` when permissions don't allow the request, and `timedOut` when no answer comes in time.
    public func request(_ message: NATSMessage, timeout: TimeAmount = .seconds(5)) async throws -> NATSMessage {
        var message = message
        let inbox =
            "_INBOX." + String((0..<22).map { _ in "0123456789abcdefghijklmnopqrstuvwxyz".randomElement() ?? "0" })
        message.reply = inbox
        let (number, answers) = conversation.subscribe()
        let conversation = self.conversation
        let timer = channel.eventLoop.scheduleTask(in: timeout) { conversation.unsubscribe(number) }
        defer {
            timer.cancel()
            conversation.unsubscribe(number)
        }
        try await send(.subscribe(subject: inbox, queue: nil, subscription: number))
        try await send(.unsubscribe(subscription: number, after: 1))
        try await send(.publish(message))
        for await answer in answers {
            guard !answer.isNoResponders else {
                throw MutualTLSSystemsError(
                    .noResponders,
                    "Expected an answer to \(message.subject), found no responders."
                )
            }
            return answer
        }
        if let failure = conversation.failure ?? conversation.nextRefusal() { throw failure }
        throw MutualTLSSystemsError(
            .timedOut,
            "Expected an answer to \(message.subject) within \(Double(timeout.nanoseconds) / 1e9) s, found none."
        )
    }

    /// Asks the server for a sign of life, which comes after everything that was sent before.
    ///
    /// - Throws: ``MutualTLSSystemsError`` with the code `refusedOperation` when the server has refused an operation
    ///   since the last call, and goes on.
    public func ping() async throws {
        let pong = conversation.expectPong(channel.eventLoop)
        try await send(.ping)
        try await pong.get()
        if let refusal = conversation.nextRefusal() { throw refusal }
    }

    /// Closes the connection.
    public func close() async {
        try? await channel.close().get()
    }

    private func introduce(_ name: String) async throws {
        let quoted = name.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline }
        try await send(
            .connect(
                "{\"verbose\":false,\"pedantic\":false,\"tls_required\":true,\"headers\":true,\"no_responders\":true,\"name\":\"\(quoted)\",\"lang\":\"swift\","
                    + "\"version\":\"1\",\"protocol\":1}"
            )
        )
        try await ping()
    }

    private func send(_ operation: NATSOperation) async throws {
        if let failure = conversation.failure { throw failure }
        do {
            try await channel.writeAndFlush(operation.bytes).get()
        } catch {
            throw conversation.failure ?? error
        }
    }
}

extension NATSTLSBlock {
    /// Closes a connection to a server whose key isn't pinned, where keys are.
    fileprivate func checkPin(_ connection: DialedConnection) throws {
        guard !pinnedCerts.isEmpty else { return }
        let digest = connection.information.peerCertificates.first?.publicKeySHA256Hexadecimal
        guard digest.map(pinnedCerts.contains) != true else { return }
        connection.channel.close(promise: nil)
        throw MutualTLSSystemsError(
            .notPinned,
            "Expected a server key of pinned_certs, found \(digest ?? "no certificate"). Nothing was sent."
        )
    }
}

/// Host and port of a `tls://` or `nats://` URL.
struct NATSServerAddress: Sendable, Hashable {
    let host: String
    let port: Int

    init(_ urls: [String]) throws(MutualTLSSystemsError) {
        guard let url = urls.first else {
            throw MutualTLSSystemsError(.missingKey, "The configuration has no servers. Write servers: [\"tls://…\"].")
        }
        let scheme = ["tls://", "nats://"].first { url.hasPrefix($0) }
        let authority = url.dropFirst(scheme?.count ?? 0)
        let colon = authority.lastIndex(of: ":").flatMap { authority[$0...].contains("]") ? nil : $0 }
        let number = colon.map { Int(authority[authority.index(after: $0)...]) } ?? 4222
        let host = authority[..<(colon ?? authority.endIndex)].filter { $0 != "[" && $0 != "]" }
        guard scheme != nil || !url.contains("://"), !host.isEmpty, let number, (1...65_535).contains(number) else {
            throw MutualTLSSystemsError(
                .invalidValue,
                "Expected tls://HOST:PORT for servers, found something else first."
            )
        }
        self.host = String(host)
        port = number
    }
}
