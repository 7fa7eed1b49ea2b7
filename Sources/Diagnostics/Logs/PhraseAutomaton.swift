/// Finds many texts in one pass over bytes (Aho and Corasick, Efficient string matching, 1975).
///
/// Letters' case, underscores, backslashes and runs of blanks make no difference, so that one phrase fits the spellings
/// of one library in prose, in a constant's name and in a quoted string.
struct PhraseAutomaton: Sendable {
    /// For each byte the class of characters that it belongs to; 0 is what no phrase holds.
    private let classes: [UInt8]
    private let width: Int
    /// The next state, shifted by one; the lowest bit says that phrases end there.
    private let steps: [UInt32]
    private let firstEnd: [Int32]
    private let ends: [(phrase: Int32, next: Int32)]

    init(_ phrases: [[UInt8]]) {
        var classes = [UInt8](repeating: 0, count: 256)
        var count: UInt8 = 1
        for byte in phrases.joined() where classes[Int(byte)] == 0 {
            classes[Int(byte)] = count
            count += 1
        }
        for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") { classes[Int(byte)] = classes[Int(byte | 0x20)] }
        let blank = classes[0x20]
        for byte: UInt8 in [0x5F, 0x09, 0x0D] { classes[Int(byte)] = blank }
        let width = Int(count)
        var children: [[UInt8: Int32]] = [[:]]
        var own: [[Int32]] = [[]]
        for (index, phrase) in phrases.enumerated() {
            var state = 0
            for byte in phrase {
                let step = classes[Int(byte)]
                if let next = children[state][step] {
                    state = Int(next)
                } else {
                    children.append([:])
                    own.append([])
                    children[state][step] = Int32(children.count - 1)
                    state = children.count - 1
                }
            }
            own[state].append(Int32(index))
        }
        var steps = [UInt32](repeating: 0, count: children.count * width)
        var fallback = [Int](repeating: 0, count: children.count)
        var queue: [Int] = []
        for (step, next) in children[0] {
            steps[Int(step)] = UInt32(next)
            queue.append(Int(next))
        }
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            own[state] += own[fallback[state]]
            for step in 0..<width {
                if let next = children[state][UInt8(step)] {
                    fallback[Int(next)] = Int(steps[fallback[state] * width + step])
                    steps[state * width + step] = UInt32(next)
                    queue.append(Int(next))
                } else {
                    steps[state * width + step] = steps[fallback[state] * width + step]
                }
            }
        }
        var firstEnd = [Int32](repeating: -1, count: children.count)
        var ends: [(phrase: Int32, next: Int32)] = []
        for state in own.indices {
            for phrase in own[state] {
                ends.append((phrase, firstEnd[state]))
                firstEnd[state] = Int32(ends.count - 1)
            }
        }
        self.classes = classes
        self.width = width
        self.steps = steps.map { $0 << 1 | (firstEnd[Int($0)] >= 0 ? 1 : 0) }
        self.firstEnd = firstEnd
        self.ends = ends
    }

    /// The phrases in one line, each as often as it stands there, in the order of their ends.
    func hits(in line: UnsafeRawBufferPointer, _ found: (Int) -> Void) {
        let blank = classes[0x20]
        classes.withUnsafeBufferPointer { classes in
            steps.withUnsafeBufferPointer { steps in
                var state = 0
                var isBlank = false
                for byte in line {
                    let step = classes[Int(byte)]
                    if step == blank {
                        if isBlank { continue }
                        isBlank = true
                    } else {
                        if byte == 0x5C { continue }
                        isBlank = false
                    }
                    let next = steps[state &* width &+ Int(step)]
                    state = Int(next >> 1)
                    guard next & 1 == 1 else { continue }
                    var end = firstEnd[state]
                    while end >= 0 {
                        found(Int(ends[Int(end)].phrase))
                        end = ends[Int(end)].next
                    }
                }
            }
        }
    }

    /// A text as phrases are compared: lower case, blanks for underscores, one blank for many, no backslashes.
    static func normalized(_ line: some Sequence<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(line.underestimatedCount)
        for byte in line {
            switch byte {
            case 0x5C: continue
            case 0x20, 0x09, 0x5F, 0x0D: if text.last != 0x20 { text.append(0x20) }
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): text.append(byte | 0x20)
            default: text.append(byte)
            }
        }
        return text
    }
}
