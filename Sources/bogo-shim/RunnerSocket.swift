internal import Glibc

/// A TCP connection to the runner, which listens on the loopback interface also when the shim plays a server.
final class RunnerSocket: RunnerTransport {
    private let descriptor: Int32

    /// Connects, and introduces the shim with its number if the runner gave one: eight bytes, lowest first.
    ///
    /// Runners that give no number listen on IPv6 where the machine has it, and say nothing about it.
    init(port: UInt16, usesIPv6: Bool, shimID: UInt64?) throws(ShimFailure) {
        let families = usesIPv6 ? [AF_INET6] : shimID == nil ? [AF_INET6, AF_INET] : [AF_INET]
        var connected: Int32?
        var reason = ""
        for family in families where connected == nil {
            switch RunnerSocket.connect(family, port) {
            case .success(let descriptor): connected = descriptor
            case .failure(let refused): reason = refused.message
            }
        }
        guard let connected else {
            throw ShimFailure("no connection to the runner's port \(port): \(reason)")
        }
        descriptor = connected
        if let shimID {
            send((0..<8).map { UInt8(truncatingIfNeeded: shimID >> ($0 * 8)) })
        }
    }

    deinit {
        close(descriptor)
    }

    func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if sent < 0, errno == EINTR { continue }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    func receive() -> [UInt8] {
        while true {
            var buffer = [UInt8](repeating: 0, count: 16_384)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            return Array(buffer.prefix(max(0, count)))
        }
    }

    func shutdownSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    private static func connect(_ family: Int32, _ port: UInt16) -> Result<Int32, ShimFailure> {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return .failure(lastError()) }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        // The runner ends a test sooner; without it, nobody would.
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        guard connect(descriptor, family, port) == 0 else {
            defer { close(descriptor) }
            return .failure(lastError())
        }
        return .success(descriptor)
    }

    private static func connect(_ descriptor: Int32, _ family: Int32, _ port: UInt16) -> Int32 {
        if family == AF_INET6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_addr = in6addr_loopback
            return connect(descriptor, to: &address)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr = in_addr(s_addr: INADDR_LOOPBACK.bigEndian)
        return connect(descriptor, to: &address)
    }

    private static func connect<Address>(_ descriptor: Int32, to address: inout Address) -> Int32 {
        withUnsafeBytes(of: &address) { bytes in
            guard let start = bytes.baseAddress else { return -1 }
            return Glibc.connect(
                descriptor,
                start.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count)
            )
        }
    }

    private static func lastError() -> ShimFailure {
        ShimFailure(String(cString: strerror(errno)))
    }
}

/// The connection to the runner: blocking calls, in order.
protocol RunnerTransport {
    /// Sends all of the bytes, or as many as the runner still takes.
    func send(_ bytes: [UInt8])
    /// Waits for bytes; none are the end of the stream, whatever ended it.
    func receive() -> [UInt8]
    /// Says that nothing more will be sent.
    func shutdownSending()
}

extension RunnerTransport {
    /// Ends by halves: closing with bytes unread would reset the connection, and the runner would lose the alert.
    func finish() {
        shutdownSending()
        while !receive().isEmpty {}
    }
}
