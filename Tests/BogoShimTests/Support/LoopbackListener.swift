import Glibc

/// A listener on a free port of the loopback interface, for one connection that is there before it is accepted.
final class LoopbackListener {
    let port: UInt16
    private let descriptor: Int32
    private var accepted: Int32 = -1

    /// Nil where the machine doesn't have the address family.
    init?(_ family: Int32) {
        let listener = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { return nil }
        var bound: UInt16?
        if family == AF_INET6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_addr = in6addr_loopback
            bound = LoopbackListener.bind(listener, &address) { $0.sin6_port }
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr = in_addr(s_addr: INADDR_LOOPBACK.bigEndian)
            bound = LoopbackListener.bind(listener, &address) { $0.sin_port }
        }
        guard let bound, listen(listener, 1) == 0 else {
            close(listener)
            return nil
        }
        descriptor = listener
        port = UInt16(bigEndian: bound)
    }

    deinit {
        close(descriptor)
        if accepted >= 0 { close(accepted) }
    }

    /// Reads so many bytes of the connection, or fewer at its end.
    func read(_ count: Int) -> [UInt8] {
        if accepted < 0 { accepted = accept(descriptor, nil, nil) }
        var bytes = [UInt8](repeating: 0, count: count)
        let received = recv(accepted, &bytes, count, Int32(MSG_WAITALL))
        return Array(bytes.prefix(max(0, received)))
    }

    func write(_ bytes: [UInt8]) {
        _ = send(accepted, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func end() {
        shutdown(accepted, Int32(SHUT_WR))
    }

    private static func bind<Address>(
        _ descriptor: Int32,
        _ address: inout Address,
        port: (Address) -> UInt16
    ) -> UInt16? {
        var length = socklen_t(MemoryLayout<Address>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                Glibc.bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        return status ? port(address) : nil
    }
}
