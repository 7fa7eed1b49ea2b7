internal import ConformanceEngine
internal import ConformanceModel
internal import Glibc

/// The end of a TCP connection that a stack in this process plays.
///
/// Nothing blocks: ``advance()`` does what can be done, and ``register(in:)`` says what it waits for. Whatever ends the
/// connection, what the endpoint still has to say is written, then the write side is shut down, and then the peer is
/// read until it hangs up, so that neither side's alert is lost to a reset.
final class SocketEnd {
    let side: Side
    let endpoint: any Endpoint
    private(set) var fate = SideFate()
    private(set) var dialogue: Dialogue
    private(set) var isDone = false
    private var socket: Descriptor?
    private var outbox: [UInt8] = []
    /// The plaintext that comes before TLS; nil when it is over.
    private var preface: Preface?
    private var isStarted = false
    private var hasOpened = false
    private var isInputEnded = false
    private var isOutputBroken = false
    private var isShutDown = false
    private var drain: Deadline?
    /// When a peer that has been asked, and says nothing, counts as one that accepts.
    private var silence: Deadline?
    /// Understands a client that speaks without TLS, so that it can be told; nil where TLS alone is read.
    var plaintext: PlaintextEar?
    /// How many requests of its client came on this connection after the first had been answered.
    private(set) var laterRequests = 0
    /// Whether its client has asked on it in the place of a new connection.
    var isReused = false
    /// The bytes of the first flight that are sent at a time; nil for all at once.
    private let firstPiece: Int?
    /// When the next piece may go out.
    private var pause: Deadline?
    private var sentCount = 0

    /// - Parameters:
    ///   - terms: for a peer of which nobody knows what it speaks.
    ///   - firstPiece: the bytes of the first flight that go out at a time, each in a segment of its own.
    ///   - staysOpen: whether a client may leave the connection open, and ask again on it.
    init(
        _ endpoint: any Endpoint,
        _ side: Side,
        over socket: Descriptor,
        _ conversation: Conversation,
        terms: RequestTerms = RequestTerms(),
        firstPiece: Int? = nil,
        staysOpen: Bool = false
    ) {
        self.endpoint = endpoint
        self.firstPiece = firstPiece
        self.side = side
        self.socket = socket
        dialogue = Dialogue(conversation, side: side, terms: terms, staysOpen: staysOpen)
        preface = side == .client ? Preface(conversation) : nil
        outbox = preface?.opening ?? []
    }

    /// Reads and writes what can be without waiting.
    func advance() {
        guard !isDone, let socket else { return }
        if !isStarted, preface == nil { start() }
        receive(from: socket)
        converse()
        outbox += endpoint.takeOutput()
        flush(to: socket)
        noteState()
        finish(socket)
    }

    func register(in waiting: inout Waiting) {
        guard !isDone else { return }
        let mayWrite = !outbox.isEmpty && !isOutputBroken && pause?.isOver ?? true
        waiting.add(socket, reading: !isInputEnded, writing: mayWrite)
    }

    /// Whether all was said on a connection that stays open for another request.
    var isIdle: Bool {
        dialogue.progress == .complete && dialogue.mayContinue && outbox.isEmpty && !isInputEnded && !isOutputBroken
            && !isDone && endpoint.state == .established
    }

    /// Gives up: the peer was not heard out in time.
    func abandon() {
        isDone = true
        socket = nil
    }

    private func start() {
        isStarted = true
        endpoint.start()
        noteState()
        if fate.failed, side == .client {
            // Without a ClientHello there is no handshake that an alert could be about.
            _ = endpoint.takeOutput()
            fate.failedAtStart = true
        }
    }

    private func receive(from socket: Descriptor) {
        guard !isInputEnded else { return }
        var (bytes, isAtEnd) = socket.readAvailable()
        if preface != nil {
            switch preface?.hear(bytes) {
            case .reached(let rest)?:
                preface = nil
                bytes = rest
                start()
            case .refused(let words)?:
                dialogue.noteRefusal(words)
                return
            case nil:
                if isAtEnd { isInputEnded = true }
                return
            }
        }
        if plaintext != nil, !bytes.isEmpty {
            bytes = plaintext?.takeTLS(of: bytes) ?? bytes
            if let answer = plaintext?.answer() { outbox += answer }
        }
        // Once all is said, how the peer hangs up changes nothing any more.
        let isHeard = dialogue.progress == .waiting
        if !bytes.isEmpty, !fate.failed, isHeard || isIdle {
            fate.receivedBytes += bytes.count
            endpoint.receive(bytes)
            noteState()
        }
        if isAtEnd {
            isInputEnded = true
            // What came just before the end is still to be heard.
            if isHeard { converse() }
            if endpoint.state == .closed { dialogue.noteEndInOrder() }
            if dialogue.progress == .waiting, endpoint.state != .failed { endpoint.receiveEndOfInput() }
            noteState()
        }
    }

    private func converse() {
        guard fate.completedHandshake, !fate.failed else { return }
        var heard: [UInt8] = []
        if isIdle {
            heard = endpoint.takeApplicationData()
            guard !heard.isEmpty else { return }
            dialogue = dialogue.anew
            laterRequests += 1
        }
        guard dialogue.progress == .waiting else { return }
        if !hasOpened {
            hasOpened = true
            if let opening = dialogue.opening { endpoint.send(opening) }
            silence = dialogue.silenceTime.map { Deadline(after: $0) }
        }
        let answer = dialogue.hear(heard + endpoint.takeApplicationData())
        if !answer.isEmpty { endpoint.send(answer) }
        if silence?.isOver == true { dialogue.noteSilence() }
        if dialogue.progress != .waiting, !dialogue.mayContinue, endpoint.state != .failed { endpoint.close() }
    }

    private func flush(to socket: Descriptor) {
        while !outbox.isEmpty, !isOutputBroken {
            if let pause, !pause.isOver { return }
            pause = nil
            // Nothing has come back yet: what waits is the first flight.
            let piece = fate.receivedBytes == 0 ? firstPiece : nil
            let count = outbox.withUnsafeBytes {
                send(socket.number, $0.baseAddress, min($0.count, piece ?? $0.count), Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                outbox.removeFirst(count)
                sentCount += 1
                // A server that reads what is there must find this piece alone; after a few it has seen enough.
                if piece != nil, sentCount <= Self.pausedPieces { pause = Deadline(after: Self.pauseTime) }
            } else if errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOTCONN {
                return
            } else if errno != EINTR {
                isOutputBroken = true
            }
        }
    }

    private func noteState() {
        guard dialogue.progress == .waiting else { return }
        switch endpoint.state {
        case .handshaking: break
        case .established, .closed: fate.completedHandshake = true
        case .failed: fate.failed = true
        }
    }

    private func finish(_ socket: Descriptor) {
        let hasSaidAll = outbox.isEmpty || isOutputBroken
        let isOver =
            fate.failed || dialogue.progress != .waiting || isInputEnded || plaintext?.hasAnswered == true
        guard isOver, hasSaidAll, !isIdle else { return }
        if !isShutDown {
            isShutDown = true
            shutdown(socket.number, Int32(SHUT_WR))
            drain = Deadline(after: Self.drainTime)
        }
        // A client that has its answer has no alert under way that a reset could overtake.
        let isContent = side == .client && !fate.failed && dialogue.progress != .waiting
        if isInputEnded || isContent || drain?.isOver == true {
            isDone = true
            self.socket = nil
        }
    }

    /// When this end goes on although nothing comes; nil when it waits for its peer alone.
    var nextDeadline: Deadline? {
        guard !isDone else { return nil }
        if let pause, !pause.isOver, !outbox.isEmpty { return pause }
        return drain ?? (dialogue.progress == .waiting ? silence : nil)
    }

    private static let drainTime = Duration.seconds(1)
    private static let pauseTime = Duration.milliseconds(5)
    private static let pausedPieces = 4
}

extension SocketEnd {
    /// The observation of this end, in the same terms as on the memory wire.
    func observation() -> SideObservation {
        var seen = endpoint.observation()
        seen.settle(fate: fate, exchangedWhole: dialogue.progress == .complete)
        if plaintext?.hasHeard == true {
            seen.heardPlaintext = true
            if plaintext?.hasAnswered == true { seen.accepted = true }
        }
        if case .refused(let words) = dialogue.progress {
            seen.reason = ReasonClass.other.rawValue
            seen.detail = "the peer refused after the handshake: \(words)"
        } else if let answer = dialogue.answer {
            seen.detail = answer.description
        } else if isReused {
            seen.detail = "the client asked on the connection that it had opened before, under its earlier settings"
        }
        return seen
    }
}
