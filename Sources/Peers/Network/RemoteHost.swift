internal import ConformanceModel
internal import Glibc

/// TCP to a server that need not be on this machine.
enum RemoteHost {
    /// Why a server can't be talked to.
    struct Unreachable: Error, Hashable {
        let reason: String
    }

    /// A connection, made with the first of the host's addresses that takes it.
    static func connect(to address: NetworkAddress, within patience: Duration) throws(Unreachable) -> Descriptor {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(address.host, "\(address.port)", &hints, &found)
        guard status == 0, let first = found else {
            throw Unreachable(reason: "\(address.host) has no address: \(String(cString: gai_strerror(status)))")
        }
        defer { freeaddrinfo(first) }
        var reason = "no address"
        var next: UnsafeMutablePointer<addrinfo>? = first
        let deadline = Deadline(after: patience)
        while let candidate = next?.pointee {
            switch connect(candidate, until: deadline) {
            case .success(let connected): return connected
            case .failure(let refused): reason = refused.reason
            }
            next = candidate.ai_next
        }
        throw Unreachable(reason: "\(address.host):\(address.port) can't be reached: \(reason)")
    }

    private static func connect(_ address: addrinfo, until deadline: Deadline) -> Result<Descriptor, Unreachable> {
        let kind = address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let number = socket(address.ai_family, kind, address.ai_protocol)
        guard number >= 0 else { return .failure(Unreachable(reason: String(cString: strerror(errno)))) }
        let descriptor = Descriptor(takingOwnershipOf: number)
        var on: Int32 = 1
        // Nagle's algorithm holds back an alert until it is too late for it.
        _ = setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        if Glibc.connect(number, address.ai_addr, address.ai_addrlen) == 0 { return .success(descriptor) }
        var code = errno
        if code == EINPROGRESS {
            var waiting = Waiting()
            waiting.add(descriptor, reading: false, writing: true)
            waiting.wait(until: deadline)
            code = deadline.isOver ? ETIMEDOUT : descriptor.pendingError
        }
        return code == 0 ? .success(descriptor) : .failure(Unreachable(reason: String(cString: strerror(code))))
    }
}

extension Descriptor {
    /// The result of a pending connect as an error number; 0 when it is connected.
    var pendingError: Int32 {
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(number, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno
    }
}

/// Where a server listens.
struct NetworkAddress: Hashable, Sendable {
    /// A name or an address.
    let host: String
    let port: UInt16
    /// Whether somebody else runs the server, so that it may not be there.
    let isLive: Bool

    /// A server that the play has started itself.
    static func loopback(_ port: UInt16) -> NetworkAddress {
        NetworkAddress(host: "127.0.0.1", port: port, isLive: false)
    }

    /// A server that somebody else runs.
    static func live(_ endpoint: LiveEndpoint) -> NetworkAddress {
        NetworkAddress(host: endpoint.host, port: endpoint.port, isLive: true)
    }

    var isLoopback: Bool { host == "127.0.0.1" }
}
