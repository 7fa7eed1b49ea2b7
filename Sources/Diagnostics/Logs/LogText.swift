internal import Glibc

/// A normalized line, and questions to it.
struct LogText {
    let bytes: [UInt8]

    init(_ line: some Sequence<UInt8>) {
        bytes = PhraseAutomaton.normalized(line)
    }

    init(_ line: String) {
        self.init(line.utf8)
    }

    func holds(_ phrase: StaticString) -> Bool {
        phrase.withUTF8Buffer { first($0, from: 0) != nil }
    }

    func holds(_ phrase: String) -> Bool {
        var phrase = phrase
        return phrase.withUTF8 { first($0, from: 0) != nil }
    }

    /// Whether the parts follow one another.
    func holds(inOrder parts: [[UInt8]]) -> Bool {
        var place = 0
        for part in parts {
            guard let found = part.withUnsafeBufferPointer({ first($0, from: place) }) else { return false }
            place = found + part.count
        }
        return true
    }

    /// The places behind each occurrence.
    func ends(of phrase: StaticString) -> [Int] {
        phrase.withUTF8Buffer { phrase in
            var ends: [Int] = []
            var place = 0
            while let found = first(phrase, from: place) {
                place = found + phrase.count
                ends.append(place)
            }
            return ends
        }
    }

    func first(_ phrase: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard let head = phrase.first, bytes.count - start >= phrase.count else { return nil }
        return bytes.withUnsafeBufferPointer { text in
            guard let begin = text.baseAddress, let needle = phrase.baseAddress else { return nil }
            var place = start
            let last = text.count - phrase.count
            while place <= last {
                guard let found = memchr(begin + place, CInt(head), last - place + 1) else { return nil }
                place = UnsafeRawPointer(found) - UnsafeRawPointer(begin)
                if memcmp(begin + place, needle, phrase.count) == 0 { return place }
                place += 1
            }
            return nil
        }
    }
}
