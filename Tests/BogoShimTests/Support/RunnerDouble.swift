import MutualTLS

@testable import bogo_shim

/// A runner in memory: a peer of the library that sends a message, expects it back inverted, and ends.
final class RunnerDouble: RunnerTransport {
    let peer: Connection
    /// The bytes that the shim has sent, decrypted.
    private(set) var received: [UInt8] = []
    private(set) var isShimDone = false
    private var message: [UInt8]
    private let ends: Ending

    enum Ending {
        case closeNotify
        case cut
        /// It sends nothing and waits for the shim to end.
        case waiting
    }

    init(_ peer: Connection, message: [UInt8] = Array("ping".utf8), ending: Ending = .closeNotify) {
        self.peer = peer
        self.message = message
        ends = ending
        peer.start()
    }

    func send(_ bytes: [UInt8]) {
        peer.receive(bytes)
        received += peer.takeApplicationData()
        react()
    }

    func receive() -> [UInt8] { peer.takeOutput() }

    func shutdownSending() {
        isShimDone = true
        peer.receiveEndOfInput()
    }

    private func react() {
        if ends == .waiting {
            if peer.isPeerClosed { peer.close() }
            return
        }
        guard peer.state == .established else { return }
        if !message.isEmpty {
            try? peer.send(message)
            message = []
        } else if !received.isEmpty, ends == .closeNotify {
            peer.close()
        }
    }
}
