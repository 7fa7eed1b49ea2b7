/// The facts of one line, before the lines around it have their say.
struct LogLine {
    /// The most telling fact first.
    var facts: [LogFact] = []
    var alert: LogAlert?
    var sides: [LogSide] = []
    var stacks: [String] = []

    var isEmpty: Bool { facts.isEmpty }
}

/// Finds what lines tell, one after the other; a line without a phrase costs one pass over its bytes.
struct LogLineReader {
    private let phrases = LogVocabulary.phrases
    private let hints = LogVocabulary.hints
    private let automaton = Self.automaton
    private var hits: [Int] = []

    /// Made once: its table has a row for each character of the vocabulary.
    private static let automaton = PhraseAutomaton(
        LogVocabulary.phrases.map(\.trigger) + LogVocabulary.hints.map(\.text)
    )

    /// Nil when nothing in the line speaks of a failure of TLS.
    mutating func read(_ bytes: UnsafeRawBufferPointer) -> LogLine? {
        var isTelling = false
        // Moved out and back, so that the closure appends to the one array that lives as long as the reader.
        var found: [Int] = []
        swap(&found, &hits)
        found.removeAll(keepingCapacity: true)
        automaton.hits(in: bytes) { hit in
            found.append(hit)
            if hit < phrases.count {
                isTelling = true
            } else {
                switch hints[hit - phrases.count].meaning {
                case .alert, .alertWord: isTelling = true
                case .logger, .stack, .context, .ordinary, .calm, .alertName: break
                }
            }
        }
        swap(&found, &hits)
        guard isTelling else { return nil }
        let text = LogText(bytes.prefix(Self.longest))
        let line = analyze(text)
        return line.isEmpty ? nil : line
    }

    /// The sides that the latest line speaks of, though it told of no failure: a frame of a stack trace.
    var sides: [LogSide] {
        hits.compactMap { hit in
            guard hit >= phrases.count, case .logger(let side) = hints[hit - phrases.count].meaning else { return nil }
            return side
        }
    }

    /// Beyond this many bytes a line is data.
    private static let longest = 16_384

    private mutating func analyze(_ text: LogText) -> LogLine {
        var line = LogLine()
        var hasContext = false
        var (speaksOfAlerts, namesAlert) = (false, false)
        var name: (code: UInt8, length: Int)?
        hits.sort()
        var previous = -1
        for hit in hits where hit >= phrases.count && hit != previous {
            previous = hit
            let hint = hints[hit - phrases.count]
            guard !hint.beginsWord || text.holds(word: hint.text) else { continue }
            switch hint.meaning {
            case .context: hasContext = true
            case .alert: speaksOfAlerts = true
            case .alertWord: (speaksOfAlerts, namesAlert) = (true, true)
            case .alertName(let code): if hint.text.count > name?.length ?? 0 { name = (code, hint.text.count) }
            case .logger(let side): line.sides.append(side)
            case .stack(let stack): line.stacks.append(stack)
            case .ordinary: return LogLine()
            case .calm: if !text.holds("error"), !text.holds("fail") { return LogLine() }
            }
        }
        previous = -1
        for hit in hits where hit < phrases.count && hit != previous {
            previous = hit
            let phrase = phrases[hit]
            guard !phrase.needsContext || hasContext else { continue }
            guard phrase.parts.count == 1 || text.holds(inOrder: phrase.parts) else { continue }
            guard !Self.isInsideNumber(phrase, text) else { continue }
            line.facts.append(phrase.fact)
        }
        if speaksOfAlerts, hasContext || text.holds("remote error: tls") || text.holds("local error: tls") {
            line.alert = LogAlert(in: text, named: namesAlert ? name?.code : nil) ?? Self.javaAlert(text)
        }
        if hasContext, let number = LogErrorNumber(in: text)?.condition {
            line.facts.append(LogFact(condition: number, finder: .logger, length: 1))
        }
        if let verify = Self.verifyNumber(text) {
            line.facts.append(LogFact(condition: verify, finder: .logger, length: 4))
        }
        if let alert = line.alert, let condition = LogCondition(alert: alert.code) {
            line.facts.append(
                LogFact(condition: condition, finder: alert.finder, alert: alert.code, length: 8)
            )
        }
        line.facts.sort { ($0.condition.weight, $0.length) > ($1.condition.weight, $1.length) }
        return line
    }

    /// `"fatal error: 42: null cert chain"` of JSSE's debug log.
    private static func javaAlert(_ text: LogText) -> LogAlert? {
        for end in text.ends(of: "fatal error: ") {
            let digits = text.bytes[end...].prefix { $0.isDigit }
            guard let code = UInt8(String(decoding: digits, as: UTF8.self)), LogAlert.isKnown(code) else { continue }
            return LogAlert(code: code, finder: .logger)
        }
        return nil
    }

    /// `verify error:num=20:`, `Verify return code: 21 (`, `error: (20:unable`.
    private static func verifyNumber(_ text: LogText) -> LogCondition? {
        guard text.holds("verify") || text.holds("num=") else { return nil }
        for end in text.ends(of: "num=") + text.ends(of: "verify return code: ") + text.ends(of: "verify error: (")
            + text.ends(of: "verifyresult=")
        {
            let digits = text.bytes[end...].prefix { $0.isDigit }
            guard let number = Int(String(decoding: digits, as: UTF8.self)) else { continue }
            switch number {
            case 2: return .issuerOfIntermediateMissing
            case 3: return .listMissing
            case 7: return .badSignature
            case 9: return .notYetValid
            case 10: return .expired
            case 11, 12: return .listExpired
            case 18: return .selfSignedLeaf
            case 19: return .selfSignedInChain
            case 20: return .unknownAuthority
            case 21: return .missingIntermediate
            case 22: return .verifyDepth
            case 25: return .pathLength
            case 23: return .revoked
            case 24, 79: return .notAnAuthority
            case 26: return .wrongPurpose
            case 34: return .criticalExtension
            case 47, 48: return .nameConstraint
            case 62: return .nameMismatch
            case 64: return .addressMismatch
            case 66, 67: return .weakKey
            case 68: return .weakAlgorithm
            default: continue
            }
        }
        return nil
    }

    /// Numbers of errors stand alone: `-9807` is none in `2024-9807-1`.
    private static func isInsideNumber(_ phrase: LogPhrase, _ text: LogText) -> Bool {
        guard phrase.parts.count == 1, let last = phrase.trigger.last, last.isDigit, phrase.needsContext else {
            return false
        }
        return !text.holds(number: phrase.trigger)
    }
}

extension LogText {
    /// Whether a phrase stands there with no letter before it.
    func holds(word phrase: [UInt8]) -> Bool {
        places(of: phrase).contains { $0 == 0 || !bytes[$0 - 1].isLetter }
    }

    /// Whether a number stands there as a whole.
    func holds(number phrase: [UInt8]) -> Bool {
        places(of: phrase).contains { place in
            let end = place + phrase.count
            let isBegun = place > 0 && (bytes[place - 1].isDigit || bytes[place - 1].isLetter)
            return !isBegun && (end == bytes.count || !(bytes[end].isDigit || bytes[end].isLetter))
        }
    }

    private func places(of phrase: [UInt8]) -> [Int] {
        phrase.withUnsafeBufferPointer { phrase in
            var places: [Int] = []
            var place = 0
            while let found = first(phrase, from: place) {
                places.append(found)
                place = found + 1
            }
            return places
        }
    }
}

extension LogCondition {
    /// The meaning of an alert for the side that receives it.
    init?(alert code: UInt8) {
        switch code {
        case 10: self = .unexpectedMessage
        case 20: self = .badRecord
        case 21: self = .badRecord
        case 22: self = .badRecord
        case 30, 47, 50, 109, 110: self = .decodeError
        case 40: self = .handshakeFailed
        case 41: self = .noClientCertificate
        case 42, 46: self = .refusedCertificate
        case 43: self = .wrongPurpose
        case 44: self = .revoked
        case 45: self = .expired
        case 48: self = .unknownAuthority
        case 49: self = .accessDenied
        case 51: self = .badProof
        case 70, 86: self = .versionDisjoint
        case 71: self = .noSharedCipher
        case 80: self = .internalError
        case 100: self = .renegotiation
        case 112: self = .serverName
        case 116: self = .noClientCertificate
        case 120: self = .noApplicationProtocol
        default: return nil
        }
    }
}
