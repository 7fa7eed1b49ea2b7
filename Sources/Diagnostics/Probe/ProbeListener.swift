internal import Glibc

/// A TCP port of `probe --listen`, one client after the other.
package final class ProbeListener: Sendable {
    private let descriptor: Int32
    package let host: String
    package let port: Int

    /// Listens on an IPv4 or IPv6 address.
    package init(host: String, port: Int) throws(DiagnosticsError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &found) == 0, let info = found else {
            throw DiagnosticsError.usage("--listen: expected an IP address, found “\(host)”")
        }
        defer { freeaddrinfo(info) }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(info.pointee.ai_family, kind, 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard descriptor >= 0, bind(descriptor, info.pointee.ai_addr, info.pointee.ai_addrlen) == 0,
            listen(descriptor, 16) == 0
        else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw DiagnosticsError.usage("can't listen on \(host):\(port): \(reason)")
        }
        self.descriptor = descriptor
        self.host = host
        self.port = Self.port(of: descriptor)
    }

    deinit {
        close(descriptor)
    }

    /// The next client, or nil when the socket is no longer good.
    package func accept() -> ProbeSocket? {
        while true {
            let accepted = Glibc.accept(descriptor, nil, nil)
            if accepted >= 0 {
                let flags = fcntl(accepted, F_GETFL)
                _ = fcntl(accepted, F_SETFL, flags | O_NONBLOCK)
                return ProbeSocket(takingOwnershipOf: accepted)
            }
            guard errno == EINTR || errno == ECONNABORTED else { return nil }
        }
    }

    private static func port(of descriptor: Int32) -> Int {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
            // The port stands at the same place for both families.
            return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                Int(UInt16(bigEndian: $0.pointee.sin_port))
            }
        }
    }
}
