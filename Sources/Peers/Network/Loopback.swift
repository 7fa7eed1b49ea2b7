internal import ConformanceEngine
internal import Glibc

/// TCP on 127.0.0.1.
enum Loopback {
    /// A listening socket on a port that the system chooses.
    static func listen() throws(SystemFailure) -> (descriptor: Descriptor, port: UInt16) {
        let descriptor = try socket()
        var address = address(port: 0)
        let bound = withSocketAddress(&address) { bind(descriptor.number, $0, $1) }
        guard bound == 0 else { throw SystemFailure("bind") }
        guard Glibc.listen(descriptor.number, 16) == 0 else { throw SystemFailure("listen") }
        return (descriptor, try port(of: descriptor))
    }

    /// A socket on a port that nobody else has bound.
    static func bound(to port: UInt16, _ type: __socket_type) throws(SystemFailure) -> Descriptor {
        let number = Glibc.socket(AF_INET, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw SystemFailure("socket") }
        let descriptor = Descriptor(takingOwnershipOf: number)
        var address = address(port: port)
        let result = withSocketAddress(&address) { bind(descriptor.number, $0, $1) }
        guard result == 0 else { throw SystemFailure("bind") }
        return descriptor
    }

    /// A socket that connects; whether it could shows in its first read or write.
    static func connect(port: UInt16) throws(SystemFailure) -> Descriptor {
        let descriptor = try socket()
        var address = address(port: port)
        let result = withSocketAddress(&address) { Glibc.connect(descriptor.number, $0, $1) }
        guard result == 0 || errno == EINPROGRESS else { throw SystemFailure("connect") }
        return descriptor
    }

    /// Whether somebody accepts connections on the port.
    static func isOpen(port: UInt16) -> Bool {
        guard let descriptor = try? socket() else { return false }
        var address = address(port: port)
        // On loopback a connection is made or refused before the call returns or shortly after.
        if withSocketAddress(&address, { Glibc.connect(descriptor.number, $0, $1) }) == 0 { return true }
        guard errno == EINPROGRESS else { return false }
        var waiting = Waiting()
        waiting.add(descriptor, reading: false, writing: true)
        waiting.wait(until: Deadline(after: .milliseconds(100)))
        return descriptor.pendingError == 0
    }

    /// A connection that waits, or nil.
    static func accept(_ listener: Descriptor) -> Descriptor? {
        let number = Inheritance.withoutStarts { () -> Int32 in
            let number = Glibc.accept(listener.number, nil, nil)
            if number >= 0 { _ = fcntl(number, F_SETFD, FD_CLOEXEC) }
            return number
        }
        guard number >= 0 else { return nil }
        let descriptor = Descriptor(takingOwnershipOf: number)
        descriptor.makeNonBlocking()
        disableDelay(descriptor)
        return descriptor
    }

    private static func socket() throws(SystemFailure) -> Descriptor {
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        let number = Glibc.socket(AF_INET, Int32(kind), 0)
        guard number >= 0 else { throw SystemFailure("socket") }
        let descriptor = Descriptor(takingOwnershipOf: number)
        disableDelay(descriptor)
        return descriptor
    }

    /// Nagle's algorithm holds back an alert until it is too late for it.
    private static func disableDelay(_ descriptor: Descriptor) {
        var on: Int32 = 1
        _ = setsockopt(descriptor.number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func address(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func port(of descriptor: Descriptor) throws(SystemFailure) -> UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor.number, $0, &length) }
        }
        guard result == 0 else { throw SystemFailure("getsockname") }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func withSocketAddress(
        _ address: inout sockaddr_in,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// A port of 127.0.0.1 for a program that can't choose one itself, and that no other worker gives away meanwhile.
///
/// It lies below those that the system gives to whoever asks for any, since a port that was free a moment ago may belong
/// to another case's server by the time the program binds it, and that one would be taken for the program. Among the
/// workers of this machine a UDP socket on the same number marks it as taken.
final class PortLease {
    let number: UInt16
    private let mark: Descriptor

    init() throws(SystemFailure) {
        var last = SystemFailure("bind")
        for _ in 0..<Self.attempts {
            let candidate = UInt16.random(in: Self.numbers)
            do throws(SystemFailure) {
                let mark = try Loopback.bound(to: candidate, SOCK_DGRAM)
                // Whoever listens there already is found by binding it once, as the program will.
                _ = try Loopback.bound(to: candidate, SOCK_STREAM)
                (number, self.mark) = (candidate, mark)
                return
            } catch {
                last = error
            }
        }
        throw last
    }

    private static let attempts = 200

    /// Up to the lowest that the system gives away by itself; all where it gives away nearly all.
    private static let numbers: ClosedRange<UInt16> = {
        let lowest: UInt16 = 10_000
        var range = [CChar](repeating: 0, count: 64)
        guard let file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "r") else { return lowest...32_767 }
        defer { fclose(file) }
        guard fgets(&range, Int32(range.count), file) != nil, let ephemeral = UInt16(exactly: strtol(range, nil, 10)),
            ephemeral > lowest + 1_000
        else {
            return lowest...UInt16.max
        }
        return lowest...(ephemeral - 1)
    }()
}
