import Glibc
import Testing

@testable import bogo_shim

@Suite("The shim's exit code")
struct BogoShimTests {
    @Test(
        "tells apart what is not implemented and what is wrong",
        arguments: [
            (["-port", "1", "-dtls"], ShimStatus.unimplemented, "-dtls is not implemented: the shim has no such flag"),
            (["-port", "x"], .usage, "-port: expected a number from 1 to 65535, found \"x\""),
            ([], .usage, "-port: expected the runner's port, found none"),
        ]
    )
    func refusals(arguments: [String], status: ShimStatus, sentence: String) {
        var said: [String] = []
        #expect(BogoShim.run(arguments) { said.append($0) } == status)
        #expect(said == [sentence])
    }

    @Test("is a failure when the runner is not there, or a file is missing")
    func failures() throws {
        let port = try #require(LoopbackListener(AF_INET)).port
        var said: [String] = []
        #expect(BogoShim.run(["-port", "\(port)", "-shim-id", "1"]) { said.append($0) } == .failure)
        #expect(said.count == 1 && said[0].hasPrefix("no connection to the runner's port"))
        let files = ["-cert-file", "/nowhere.pem", "-key-file", "/nowhere.key"]
        #expect(BogoShim.run(["-port", "\(port)"] + files) { said.append($0) } == .failure)
        #expect(said.count == 2 && said[1].contains("/nowhere.pem"))
    }

    @Test("has BoringSSL's numbers")
    func numbers() {
        #expect([ShimStatus.success, .failure, .usage, .unimplemented].map(\.rawValue) == [0, 1, 2, 89])
    }
}
