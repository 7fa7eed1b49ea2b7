internal import Glibc

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
