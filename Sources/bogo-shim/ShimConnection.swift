internal import MutualTLS
internal import MutualTLSFiles

/// Plays one connection with the runner: handshake, expectations, echo, shutdown.
struct ShimConnection {
    let flags: ShimFlags
    let isResumption: Bool
    let connection: Connection
    let transport: any RunnerTransport

    /// Plays to the end; whatever the end is, the runner gets the bytes that wait for it.
    func play() throws(ShimFailure) {
        defer {
            flush()
            transport.finish()
        }
        connection.start()
        flush()
        while connection.state == .handshaking {
            try receive()
        }
        if let failure = connection.failure { throw ShimFailure(failure) }
        try HandshakeExpectations(flags: flags, isResumption: isResumption).check(connection.information)
        try exchange()
        try shutDown()
    }

    private func exchange() throws(ShimFailure) {
        if flags.writesDifferentRecordSizes {
            for size in recordSizes {
                try send([UInt8](repeating: 0x42, count: size))
            }
            return
        }
        if flags.shimWritesFirst {
            try send(Array("hello".utf8))
        }
        guard !flags.shimShutsDown else { return }
        while true {
            let data = connection.takeApplicationData()
            if !data.isEmpty {
                try send(data.map { ~$0 })
            }
            if connection.isPeerClosed { return }
            if let failure = connection.failure {
                // The end of the stream ends the echo, be it clean or not.
                if failure.reason == .truncated, !flags.checksCloseNotify { return }
                throw ShimFailure(failure)
            }
            try receive()
        }
    }

    private func shutDown() throws(ShimFailure) {
        connection.close()
        flush()
        guard flags.shimShutsDown, flags.checksCloseNotify else { return }
        while !connection.isPeerClosed {
            if let failure = connection.failure { throw ShimFailure(failure) }
            guard try receive() else { throw ShimFailure("the runner ended without close_notify") }
        }
    }

    private func send(_ bytes: [UInt8]) throws(ShimFailure) {
        do {
            try connection.send(bytes)
        } catch {
            throw connection.failure.map { ShimFailure($0) } ?? ShimFailure("\(error)")
        }
        flush()
    }

    /// Hands what the runner sends over to the engine.
    ///
    /// - Returns: false at the end of the stream.
    @discardableResult
    private func receive() throws(ShimFailure) -> Bool {
        let bytes = transport.receive()
        guard !bytes.isEmpty else {
            connection.receiveEndOfInput()
            flush()
            return false
        }
        let size = flags.pieceSize ?? bytes.count
        for start in stride(from: 0, to: bytes.count, by: size) {
            connection.receive(Array(bytes[start..<min(start + size, bytes.count)]))
            flush()
        }
        return true
    }

    private func flush() {
        let output = connection.takeOutput()
        if !output.isEmpty {
            transport.send(output)
        }
    }
}

extension ShimFailure {
    init(_ failure: ConnectionFailure) {
        self.init("\(failure.reason.rawValue): \(failure)")
    }
}

/// Below, at and above the size of a record, as in BoringSSL's shim.
private let recordSizes = [0, 1, 255, 256, 257, 16_383, 16_384, 16_385, 32_767, 32_768, 32_769]

/// Compares a finished handshake with what the runner's flags expect of it.
struct HandshakeExpectations {
    let flags: ShimFlags
    let isResumption: Bool

    func check(_ information: ConnectionInformation) throws(ShimFailure) {
        let resumes = isResumption && !flags.expectsSessionMiss
        try expect(information.didResume == resumes, "the session was\(resumes ? " not" : "") resumed")
        if let version = flags.expectedVersion {
            try expect(information.version == version, "expected TLS \(version.rawValue)")
        }
        if let name = flags.expectedServerName {
            try expect(information.sni == name, "expected the server name \(name), got \(information.sni ?? "none")")
        }
        // A resumed handshake has no CertificateRequest in it.
        if let names = flags.expectedClientCANames, !information.didResume {
            try expect(information.acceptableCANames == names, "the names of the CertificateRequest differ")
        }
        try checkPeer(information)
    }

    private func checkPeer(_ information: ConnectionInformation) throws(ShimFailure) {
        let mustHavePeer = !flags.isServer || flags.requiresAnyClientCertificate
        try expect(!mustHavePeer || !information.peerCertificates.isEmpty, "the peer presented no certificate")
        if flags.expectsVerifyResult, flags.verifiesPeer, flags.trustCert != nil {
            try expect(
                information.peerCertificates.isEmpty || information.isPeerVerified,
                "the peer's certificate was not verified"
            )
        }
        guard let file = flags.expectedPeerCertFile else { return }
        let expected = try certificates(of: file)
        // A server's ticket holds the client's leaf alone.
        let isLeafAlone = flags.isServer && information.didResume
        try expect(
            information.peerCertificates == (isLeafAlone ? Array(expected.prefix(1)) : expected),
            "the peer presented \(information.peerCertificates), expected those of \(file)"
        )
    }

    private func certificates(of file: String) throws(ShimFailure) -> [Certificate] {
        do {
            return try CertificatePoolFiles(file).load().certificates
        } catch {
            throw ShimFailure("\(error)")
        }
    }

    private func expect(_ holds: Bool, _ otherwise: String) throws(ShimFailure) {
        guard holds else { throw ShimFailure(otherwise) }
    }
}
