import Glibc
import Testing

@testable import bogo_shim

@Suite("The socket to the runner")
struct RunnerSocketTests {
    @Test("introduces the shim with its number, lowest byte first")
    func introduction() throws {
        let listener = try #require(LoopbackListener(AF_INET))
        let socket = try RunnerSocket(port: listener.port, usesIPv6: false, shimID: 0x0102_0304_0506_0708)
        socket.send([0xAA])
        #expect(listener.read(9) == [8, 7, 6, 5, 4, 3, 2, 1, 0xAA])
        listener.write([1, 2, 3])
        #expect(socket.receive() == [1, 2, 3])
        listener.end()
        socket.finish()
        #expect(listener.read(1) == [])
    }

    @Test(
        "without a number tries IPv6 and then IPv4",
        arguments: [AF_INET6, AF_INET].filter { LoopbackListener($0) != nil }
    )
    func families(family: Int32) throws {
        let listener = try #require(LoopbackListener(family))
        let socket = try RunnerSocket(port: listener.port, usesIPv6: false, shimID: nil)
        socket.send([1])
        #expect(listener.read(1) == [1])
    }

    @Test("takes the family that the runner names", .enabled(if: LoopbackListener(AF_INET6) != nil))
    func named() throws {
        let listener = try #require(LoopbackListener(AF_INET6))
        let socket = try RunnerSocket(port: listener.port, usesIPv6: true, shimID: 1)
        #expect(listener.read(8) == [1, 0, 0, 0, 0, 0, 0, 0])
        listener.end()
        #expect(socket.receive() == [])
    }

    @Test("says which port nobody listens on")
    func refused() throws {
        let port = try #require(LoopbackListener(AF_INET)).port
        let error = try #require(throws: ShimFailure.self) {
            try RunnerSocket(port: port, usesIPv6: false, shimID: 7)
        }
        #expect(error.message == "no connection to the runner's port \(port): Connection refused")
    }
}
