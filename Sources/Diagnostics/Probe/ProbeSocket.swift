internal import Glibc

/// A TCP connection of a probe: blocking calls with deadlines, on a monotonic clock.
package final class ProbeSocket: Sendable {
    enum Arrival: Equatable {
        case bytes([UInt8])
        case closed
        case reset
        case nothing
    }

    struct Unreachable: Error {
        var message: String
    }

    private let descriptor: Int32

    init(host: String, port: Int, timeout: Duration) throws(Unreachable) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, "\(port)", &hints, &found)
        guard status == 0, let first = found else {
            throw Unreachable(message: "\(host) has no address: \(String(cString: gai_strerror(status)))")
        }
        defer { freeaddrinfo(first) }
        var reason = "no address"
        var next: UnsafeMutablePointer<addrinfo>? = first
        while let address = next?.pointee {
            switch Self.connect(to: address, timeout: timeout) {
            case .success(let connected):
                descriptor = connected
                return
            case .failure(let refused): reason = refused.message
            }
            next = address.ai_next
        }
        throw Unreachable(message: "\(host):\(port) can't be reached: \(reason)")
    }

    /// Takes over a connection that was accepted.
    init(takingOwnershipOf descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// False when the peer no longer takes anything.
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if sent < 0, errno == EINTR { continue }
            if sent < 0, errno == EAGAIN {
                guard wait(for: Int16(POLLOUT), until: .now + .seconds(5)) else { return false }
                continue
            }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// The first event before the deadline.
    func receive(until deadline: ContinuousClock.Instant) -> Arrival {
        while true {
            guard wait(for: Int16(POLLIN), until: deadline) else { return .nothing }
            var buffer = [UInt8](repeating: 0, count: 16_384)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 { return .bytes(Array(buffer.prefix(count))) }
            if count == 0 { return .closed }
            guard errno == EINTR || errno == EAGAIN else { return .reset }
        }
    }

    /// Says that nothing more will be sent; what the peer still sends can be read.
    func shutdownSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    private func wait(for events: Int16, until deadline: ContinuousClock.Instant) -> Bool {
        Self.wait(descriptor, for: events, until: deadline)
    }

    private static func wait(_ descriptor: Int32, for events: Int16, until deadline: ContinuousClock.Instant) -> Bool {
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            let milliseconds = left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000
            var entry = pollfd(fd: descriptor, events: events, revents: 0)
            let ready = poll(&entry, 1, Int32(clamping: max(0, milliseconds)))
            if ready > 0 { return true }
            if ready == 0 || errno != EINTR { return false }
        }
    }

    private static func connect(to address: addrinfo, timeout: Duration) -> Result<Int32, Unreachable> {
        let kind = address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.ai_family, kind, address.ai_protocol)
        guard descriptor >= 0 else { return .failure(Unreachable(message: String(cString: strerror(errno)))) }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return .success(descriptor) }
        var code = errno
        if code == EINPROGRESS {
            guard wait(descriptor, for: Int16(POLLOUT), until: .now + timeout) else {
                close(descriptor)
                return .failure(Unreachable(message: "no answer within \(timeout)"))
            }
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
            if code == 0 { return .success(descriptor) }
        }
        close(descriptor)
        return .failure(Unreachable(message: String(cString: strerror(code))))
    }
}
