internal import ConformanceModel

/// Applies edits to the flights of one side, in their order.
///
/// Only what goes in the clear can be taken apart: after change_cipher_spec everything passes as it is.
struct WireEditor {
    private let edits: [WireEdit]
    private var flight = 0
    private var sentBytes = 0
    private var isEncrypted = false
    /// Whether the stream has ended before the side did.
    private(set) var hasEnded = false

    init(_ edits: [WireEdit]) {
        self.edits = edits
    }

    mutating func edit(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.isEmpty, !hasEnded else { return [] }
        flight += 1
        var output = prefixed(rewritten(bytes))
        for case .end(let limit) in edits where sentBytes + output.count >= limit {
            output = Array(output.prefix(max(0, limit - sentBytes)))
            hasEnded = true
        }
        sentBytes += output.count
        return output
    }

    private func prefixed(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        for edit in edits {
            switch edit {
            case .prefix(let prefix) where flight == 1: output += prefix
            case .alert(let code, flight): output += [21, 3, 3, 0, 2, 2, code]
            case .warning(let code, flight): output += [21, 3, 3, 0, 2, 1, code]
            case .prefix, .alert, .warning, .reframe, .drop, .swap, .end: break
            }
        }
        return output + bytes
    }

    /// The records with their handshake messages edited. What isn't whole records passes as it is.
    private mutating func rewritten(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var messages: [UInt8] = []
        var version: [UInt8] = [3, 3]
        var offset = 0
        while offset + 5 <= bytes.count {
            let end = offset + 5 + Int(bytes[offset + 3]) << 8 + Int(bytes[offset + 4])
            guard end <= bytes.count else { break }
            if bytes[offset] == Self.handshake, !isEncrypted {
                version = Array(bytes[(offset + 1)..<(offset + 3)])
                messages += bytes[(offset + 5)..<end]
            } else {
                output += records(of: messages, version)
                messages = []
                if bytes[offset] == Self.changeCipherSpec { isEncrypted = true }
                output += bytes[offset..<end]
            }
            offset = end
        }
        return output + records(of: messages, version) + bytes[offset...]
    }

    private func records(of messages: [UInt8], _ version: [UInt8]) -> [UInt8] {
        var list = Self.split(messages)
        for edit in edits {
            switch edit {
            case .drop(let type): list.removeAll { $0.first == type }
            case .swap(let first, let second):
                let pair = zip(list.indices, list.indices.dropFirst()).first {
                    list[$0].first == first && list[$1].first == second
                }
                if let pair { list.swapAt(pair.0, pair.1) }
            case .prefix, .alert, .warning, .reframe, .end: break
            }
        }
        var size = 16_384
        for case .reframe(let wanted) in edits { size = max(1, wanted) }
        var output: [UInt8] = []
        var rest = list.flatMap(\.self)[...]
        while !rest.isEmpty {
            let part = rest.prefix(size)
            output += [Self.handshake] + version + [UInt8(part.count >> 8), UInt8(part.count & 0xFF)] + part
            rest = rest.dropFirst(size)
        }
        return output
    }

    /// Whole messages, each with its header of four bytes; a rest that is none stands last.
    private static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var messages: [[UInt8]] = []
        var offset = 0
        while offset + 4 <= bytes.count {
            let length = Int(bytes[offset + 1]) << 16 + Int(bytes[offset + 2]) << 8 + Int(bytes[offset + 3])
            let end = min(bytes.count, offset + 4 + length)
            messages.append(Array(bytes[offset..<end]))
            offset = end
        }
        if offset < bytes.count { messages.append(Array(bytes[offset...])) }
        return messages
    }

    private static let handshake: UInt8 = 22
    private static let changeCipherSpec: UInt8 = 20
}

/// One thing that a scripted wire does to what a side says.
package enum WireEdit: Hashable, Sendable {
    /// Puts handshake messages that go in the clear into records of at most so many bytes (RFC 8446 section 5.1 lets
    /// a sender do so at will).
    case reframe(recordSize: Int)
    /// Leaves out every handshake message of this type that goes in the clear (IANA, TLS HandshakeType).
    case drop(message: UInt8)
    /// Exchanges the first two neighbours of these types that go in the clear.
    case swap(message: UInt8, with: UInt8)
    /// Sends a fatal alert in the clear before the side's flight of this number, from 1.
    case alert(code: UInt8, beforeFlight: Int)
    /// Sends a warning in the clear before the side's flight of this number, from 1.
    case warning(code: UInt8, beforeFlight: Int)
    /// Puts bytes before all others.
    case prefix([UInt8])
    /// Ends the stream after so many bytes, without an alert.
    case end(afterBytes: Int)
}

extension StackAdapter {
    /// The stack, behind a wire that changes what one side says.
    func scripted(_ edits: [WireEdit], of side: Side) -> some StackAdapter {
        WrappingAdapter(adapter: self) { $1 == side ? ScriptedEndpoint($0, edits) : $0 }
    }
}

private final class ScriptedEndpoint: ForwardingEndpoint {
    let endpoint: any Endpoint
    private var editor: WireEditor

    init(_ endpoint: any Endpoint, _ edits: [WireEdit]) {
        self.endpoint = endpoint
        editor = WireEditor(edits)
    }

    /// A side whose stream was ended is one that hung up, whatever it thinks itself.
    var state: EndpointState { editor.hasEnded ? .failed : endpoint.state }
    func takeOutput() -> [UInt8] { editor.edit(endpoint.takeOutput()) }
}
