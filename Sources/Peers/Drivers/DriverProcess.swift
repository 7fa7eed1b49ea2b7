internal import ConformanceEngine
internal import ConformanceModel
internal import FoundationEssentials

/// A driver while it runs: one order a line goes in, one answer a line comes out, in order.
final class DriverProcess {
    private let name: String
    private let process: ChildProcess
    private let patience: Duration
    /// A virtual machine takes its time to start, and takes it once.
    private let startPatience: Duration
    private var nextID = 1

    /// - Parameters:
    ///   - name: stack and role, for messages.
    ///   - patience: how long an answer may take.
    ///   - startPatience: how long the first one may take.
    init(name: String, process: ChildProcess, patience: Duration, startPatience: Duration) {
        self.startPatience = startPatience
        self.name = name
        self.process = process
        self.patience = patience
    }

    /// Asks who it is.
    func greet() throws(PeerFault) -> DriverAnswer {
        var order = DriverOrder(.hello, id: takeID())
        order.protocol = DriverOrder.version
        let answer = try ask(order)
        guard answer.event == "hello" else { throw unexpected(answer, "hello") }
        guard answer.protocol == DriverOrder.version else {
            let spoken = answer.protocol.map(String.init) ?? "none"
            throw .garbled("\(name) speaks protocol \(spoken), and this is \(DriverOrder.version)")
        }
        return answer
    }

    func makeOrder(_ verb: DriverOrder.Verb) -> DriverOrder {
        DriverOrder(verb, id: takeID())
    }

    /// Sends an order and waits for its answer.
    func ask(_ order: DriverOrder) throws(PeerFault) -> DriverAnswer {
        try send(order)
        return try answer(to: order, DriverAnswer.self)
    }

    func send(_ order: DriverOrder) throws(PeerFault) {
        let bytes: [UInt8]
        do {
            bytes = try JSONLine.bytes(order)
        } catch {
            throw .harness("an order can't be encoded: \(error)")
        }
        guard process.write(bytes, until: Deadline(after: patience)) else {
            // It closed its input: that it ended tells more, and may come a moment later.
            _ = process.waitForExit(until: Deadline(after: patience))
            throw ended ?? .late("\(name) does not read its orders (\(order.do.rawValue))")
        }
    }

    /// Waits for the answer to an order that was sent.
    func answer<Answer: Decodable>(to order: DriverOrder, _: Answer.Type) throws(PeerFault) -> Answer {
        let line = try line(for: order, within: order.do == .hello ? startPatience : patience)
        let head: DriverAnswer
        do {
            head = try JSONLine.value(DriverAnswer.self, from: line)
        } catch {
            throw garbled(line, "it is no answer of the protocol")
        }
        guard head.id == order.id else {
            throw garbled(line, "it answers order \(head.id), and order \(order.id) was asked last")
        }
        if head.event == "unsupported" {
            throw .unsupported("\(name) can't do that: \(head.reason ?? head.detail ?? "no reason given")")
        }
        if head.event == "error" {
            throw .harness("\(name) failed at \(order.do.rawValue): \(head.detail ?? "no detail given")")
        }
        do {
            return try JSONLine.value(Answer.self, from: line)
        } catch {
            throw garbled(line, "\(error)")
        }
    }

    /// Whether there is something to read: an answer, or the end of the process.
    func hasNews() -> Bool {
        process.readAvailable()
        return process.outputBytes.contains(UInt8(ascii: "\n")) || process.exitStatus != nil || process.isSilent
    }

    func register(in waiting: inout Waiting) { process.register(in: &waiting) }

    /// Whether it has ended or closed its output.
    var isGone: Bool {
        process.readAvailable()
        return process.exitStatus != nil || process.isSilent
    }

    func unexpected(_ answer: DriverAnswer, _ expected: String) -> PeerFault {
        .garbled("\(name) answered “\(answer.event)” where \(expected) is due")
    }

    private func line(for order: DriverOrder, within patience: Duration) throws(PeerFault) -> [UInt8] {
        let deadline = Deadline(after: patience)
        while true {
            process.readAvailable()
            if let line = process.takeLine() { return line }
            if let ended { throw ended }
            guard !deadline.isOver else {
                throw .late("\(name) gave no answer to \(order.do.rawValue) within \(patience)\(complaint)")
            }
            var waiting = Waiting()
            process.register(in: &waiting)
            waiting.wait(until: deadline)
        }
    }

    private var ended: PeerFault? {
        guard let status = process.exitStatus else { return nil }
        process.readAvailable()
        return .crashed("\(name) ended with \(status)\(complaint)")
    }

    private func garbled(_ line: [UInt8], _ why: String) -> PeerFault {
        .garbled("\(name) said “\(String(decoding: line.prefix(200), as: UTF8.self))”: \(why)\(complaint)")
    }

    private var complaint: String { process.errorBytes.asComplaint }

    private func takeID() -> Int {
        defer { nextID += 1 }
        return nextID
    }
}

extension [UInt8] {
    /// The end of what a program wrote, as a clause of a sentence; empty for nothing.
    var asComplaint: String {
        let lines = String(decoding: suffix(600), as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.isEmpty ? "" : "; it said: \(lines.suffix(6).joined(separator: " / "))"
    }
}
