import ConformanceModel
import Foundation
import OpenSSL
import OpenSSLMinting

@testable import ConformanceEngine

/// A TLS 1.3 client's second flight, taken apart between the client and the wire.
///
/// The Finished is made anew for what is really sent, so that a server has nothing to complain of but what is missing.
final class ProofEditor: Endpoint {
    private let endpoint: any Endpoint
    /// The types of handshake messages that are left out (IANA, TLS HandshakeType).
    private let left: Set<UInt8>
    private var sent: [UInt8] = []
    private var received: [UInt8] = []
    private(set) var isEdited = false

    init(_ endpoint: any Endpoint, leavingOut left: Set<UInt8>) {
        self.endpoint = endpoint
        self.left = left
    }

    var state: EndpointState { endpoint.state }
    var keyLogLines: [String] { endpoint.keyLogLines }
    func start() { endpoint.start() }

    func receive(_ bytes: [UInt8]) {
        if !isEdited { received += bytes }
        endpoint.receive(bytes)
    }

    func receiveEndOfInput() { endpoint.receiveEndOfInput() }
    func send(_ bytes: [UInt8]) { endpoint.send(bytes) }
    func takeApplicationData() -> [UInt8] { endpoint.takeApplicationData() }
    func close() { endpoint.close() }
    func observation() -> SideObservation { endpoint.observation() }

    func takeOutput() -> [UInt8] {
        let output = endpoint.takeOutput()
        guard !isEdited, Self.records(output).contains(where: { $0.first == Self.applicationData }) else {
            sent += output
            return output
        }
        isEdited = true
        // A flight that can't be taken apart goes as it is, and the test that looks at it fails.
        return (try? edited(output)) ?? output
    }

    private struct Undecipherable: Error {}

    private func edited(_ output: [UInt8]) throws -> [UInt8] {
        let hello = Self.messages(
            Self.records(received).filter { $0.first == Self.handshake }.flatMap { $0.dropFirst(5) }
        )
        guard let serverHello = hello.first, serverHello.count > 39 else { throw Undecipherable() }
        // ServerHello: header, version and random, then the session id with its length, then the suite.
        let place = 4 + 2 + 32 + 1 + Int(serverHello[38])
        let suite = UInt16(serverHello[place]) << 8 | UInt16(serverHello[place + 1])
        var server = try records("SERVER_HANDSHAKE_TRAFFIC_SECRET", suite)
        var reader = try records("CLIENT_HANDSHAKE_TRAFFIC_SECRET", suite)
        var writer = try records("CLIENT_HANDSHAKE_TRAFFIC_SECRET", suite)
        var transcript =
            Self.records(sent).filter { $0.first == Self.handshake }.flatMap { $0.dropFirst(5) } + serverHello
        for record in Self.records(received) where record.first == Self.applicationData {
            guard let opened = try server.open(record) else { throw Undecipherable() }
            transcript += opened.content
        }
        var rewritten: [UInt8] = []
        for record in Self.records(output) {
            guard record.first == Self.applicationData else {
                rewritten += record
                continue
            }
            guard let opened = try reader.open(record), opened.type == Self.handshake else { throw Undecipherable() }
            for message in Self.messages(opened.content) where !left.contains(message[0]) {
                var message = message
                if message[0] == SSLHandshakeMessage.finished {
                    let data = try writer.verifyData(after: transcript)
                    message = [SSLHandshakeMessage.finished, 0, 0, UInt8(data.count)] + data
                }
                transcript += message
                rewritten += try writer.seal(message, type: Self.handshake)
            }
        }
        return rewritten
    }

    private func records(_ label: String, _ suite: UInt16) throws -> HandshakeRecords {
        let line = keyLogLines.first { $0.hasPrefix("\(label) ") }
        guard let secret = line?.split(separator: " ").last.flatMap({ [UInt8](hexadecimal: $0) }),
            let records = try HandshakeRecords(secret: secret, suite: suite)
        else { throw Undecipherable() }
        return records
    }

    private static func records(_ bytes: [UInt8]) -> [[UInt8]] {
        split(bytes, header: 5) { Int($0[3]) << 8 | Int($0[4]) }
    }

    private static func messages(_ bytes: [UInt8]) -> [[UInt8]] {
        split(bytes, header: 4) { Int($0[1]) << 16 | Int($0[2]) << 8 | Int($0[3]) }
    }

    /// Whole pieces; a rest that is none is left out.
    private static func split(_ bytes: [UInt8], header: Int, length: ([UInt8]) -> Int) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while rest.count >= header {
            let size = header + length(Array(rest.prefix(header)))
            guard rest.count >= size else { break }
            pieces.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return pieces
    }

    private static let handshake: UInt8 = 22
    private static let applicationData: UInt8 = 23
}

/// The client of a stack, whose second flight goes through a ``ProofEditor``.
struct ProofAdapter: StackAdapter {
    let adapter: any StackAdapter
    let left: Set<UInt8>

    var stack: Stack { adapter.stack }
    var versions: [String: String] { adapter.versions }

    func makeServer(
        _ settings: ServerSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        try adapter.makeServer(settings, version: version, material: material, clock: clock)
    }

    func makeClient(
        _ settings: ClientSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        EditedParty(try adapter.makeClient(settings, version: version, material: material, clock: clock), left)
    }
}

private final class EditedParty: Party {
    private let party: any Party
    private let left: Set<UInt8>

    init(_ party: any Party, _ left: Set<UInt8>) {
        self.party = party
        self.left = left
    }

    func makeEndpoint(offeringSession: Bool) throws(AdapterError) -> any Endpoint {
        ProofEditor(try party.makeEndpoint(offeringSession: offeringSession), leavingOut: left)
    }

    func rotate(_ change: SettingChange) throws(RotationRefused) {
        try party.rotate(change)
    }
}
