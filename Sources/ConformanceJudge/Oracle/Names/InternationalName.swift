/// A host name with letters outside of ASCII (RFC 5890), as users write it.
enum InternationalName {
    static func isOne(_ text: String) -> Bool { text.utf8.contains { $0 >= 0x80 } }

    /// The name with each such label as an A-label, lower case letters taken as they are.
    static func ascii(_ text: String) -> String {
        text.split(separator: ".", omittingEmptySubsequences: false)
            .map { label in
                isOne(String(label)) ? "xn--" + punycode(Array(label.lowercased().unicodeScalars)) : String(label)
            }
            .joined(separator: ".")
    }

    /// The encoding of RFC 3492 section 6.3.
    private static func punycode(_ scalars: [Unicode.Scalar]) -> String {
        var output = String(String.UnicodeScalarView(scalars.filter(\.isASCII)))
        let basic = output.unicodeScalars.count
        if basic > 0 { output += "-" }
        var (n, delta, bias, handled) = (128, 0, 72, basic)
        while handled < scalars.count {
            guard let next = scalars.map({ Int($0.value) }).filter({ $0 >= n }).min() else { break }
            delta += (next - n) * (handled + 1)
            n = next
            for scalar in scalars {
                if scalar.value < n { delta += 1 }
                guard scalar.value == n else { continue }
                var (q, k) = (delta, 36)
                while true {
                    let t = k <= bias ? 1 : min(k - bias, 26)
                    if q < t { break }
                    output.unicodeScalars.append(digit(t + (q - t) % (36 - t)))
                    q = (q - t) / (36 - t)
                    k += 36
                }
                output.unicodeScalars.append(digit(q))
                bias = adapted(delta, handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            n += 1
        }
        return output
    }

    private static func digit(_ value: Int) -> Unicode.Scalar {
        Unicode.Scalar(UInt8(value < 26 ? 97 + value : 22 + value))
    }

    private static func adapted(_ delta: Int, _ points: Int, isFirst: Bool) -> Int {
        var (delta, k) = (isFirst ? delta / 700 : delta / 2, 0)
        delta += delta / points
        while delta > 455 {
            delta /= 35
            k += 36
        }
        return k + 36 * delta / (delta + 38)
    }
}
