import Foundation
import Glibc
import Testing

@testable import ConformanceEngine
@testable import Peers

@Suite("Port lease")
struct PortLeaseTests {
    @Test("gives no port twice while it is held")
    func exclusive() throws {
        let leases = try (0..<300).map { _ in try PortLease() }
        #expect(Set(leases.map(\.number)).count == leases.count)
        for lease in leases {
            #expect(throws: SystemFailure.self) { try Loopback.bound(to: lease.number, SOCK_DGRAM) }
        }
    }

    @Test("leaves the port to the program that it is for")
    func usable() throws {
        let lease = try PortLease()
        #expect(!Loopback.isOpen(port: lease.number))
        let socket = try Loopback.bound(to: lease.number, SOCK_STREAM)
        #expect(listen(socket.number, 1) == 0)
        #expect(Loopback.isOpen(port: lease.number))
    }

    @Test("lies outside of what the system gives to those who ask for any port")
    func range() throws {
        let text = try String(contentsOfFile: "/proc/sys/net/ipv4/ip_local_port_range", encoding: .utf8)
        let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { UInt16($0) }
        try #require(numbers.count == 2)
        guard numbers[0] > 11_000 else { return }
        for _ in 0..<200 {
            #expect(try PortLease().number < numbers[0])
        }
    }
}
