import Foundation
import ThrowawayPKI

/// The tests' PKI as files, for programs; removed with the value.
final class TestFiles: Sendable {
    let path = NSTemporaryDirectory() + "countersign-nio-\(UUID().uuidString)"

    init() throws {
        try TestPKI.pki.write(to: path)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}
